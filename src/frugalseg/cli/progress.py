"""A progress bar on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

FORMAT = "[{bar:24}] {n:.0f}/{total} {desc}"


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[float, str], None]]:
    """Show a bar on stderr, if that is a terminal, until the block ends.

    Yields:
        A function that sets how many of `total` are done, and the name of the current one.
    """
    # disable=None: no bar where stderr is not a terminal
    with tqdm(total=total, disable=None, leave=False, bar_format=FORMAT, ascii="-#") as bar:

        def show(done: float, name: str) -> None:
            bar.n = done
            bar.set_description_str(name[-60:])

        yield show
