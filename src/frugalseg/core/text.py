"""Words that depend on a number."""

from collections.abc import Sequence

NAMED = 5
"""Names that a sentence lists before it counts the others."""


def plural(number: int, noun: str) -> str:
    """Return `1 arm`, `2 arms`.

    >>> plural(1, "arm"), plural(1234, "image")
    ('1 arm', '1,234 images')
    """
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are.

    >>> some(["a", "b"]), some(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
