from io import StringIO

import numpy as np

from frugalseg.cli.progress import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_and_loses_it() -> None:
    stream = Terminal()
    progress = Progress(stream, 4)
    progress.show(2, "b.png")
    assert stream.getvalue().endswith("[############------------] 2/4 b.png")
    progress.end()
    assert stream.getvalue().endswith("\r\x1b[K")
    assert "\n" not in stream.getvalue()


def test_a_file_gets_nothing() -> None:
    stream = StringIO()
    progress = Progress(stream, 4)
    progress.show(2, "b.png")
    progress.end()
    assert stream.getvalue() == ""


def test_bands_are_handed_on_and_counted() -> None:
    bands = [(np.zeros((n, 2), np.uint8), np.zeros((2, n, 2), np.float32)) for n in (3, 1)]
    shares: list[float] = []
    found = list(Progress(StringIO(), 1).watched(bands, 4, shares.append))
    assert [len(preds) for preds, _ in found] == [3, 1]
    assert shares == [0.75, 1.0]
