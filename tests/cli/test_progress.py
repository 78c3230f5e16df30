import sys
from io import StringIO

import pytest

from frugalseg.cli.progress import progress_bar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_and_loses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar(4) as show:
        show(2.3, "b.png")
        assert stream.getvalue().endswith("[#############-----------] 2/4 b.png")
    assert stream.getvalue().endswith("\r")
    assert "\n" not in stream.getvalue()


def test_a_file_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar(4) as show:
        show(2, "b.png")
    assert stream.getvalue() == ""
