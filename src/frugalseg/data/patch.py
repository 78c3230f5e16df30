"""The deterministic center patch that patch scores are computed on."""


def center_patch(size: tuple[int, ...], patch: tuple[int, int]) -> tuple[slice, slice]:
    """Return rows and columns of the centered patch; a side longer than the image's is cut to it.

    Args:
        size: height and width of the image. patch: height and width of the patch.
    """
    rows, columns = (
        slice(start := (whole - part) // 2, start + part)
        for whole, part in zip(size, map(min, size, patch), strict=True)
    )
    return rows, columns
