"""Words that depend on a number."""


def plural(number: int, noun: str) -> str:
    """Return `1 arm`, `2 arms`.

    >>> plural(1, "arm"), plural(1234, "image")
    ('1 arm', '1,234 images')
    """
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
