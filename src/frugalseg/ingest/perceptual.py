"""A hash that hardly changes when a picture is compressed, resized or exposed differently."""

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 16
BITS = SIDE * SIDE
MIN_SPREAD = 1.0
"""Standard deviation, in gray levels, below which a picture has no structure to hash. The most even
image of the archives that docs/data.md names has 4."""
_ENOUGH = 2 * 4 * SIDE
"""Pixels a side; larger pictures are averaged first, which is faster than one big resize."""


def perceptual_hash(image: NDArray[np.uint8]) -> str:
    """Hash the low frequencies of an image: pHash of 256 bits (Zauner 2010, chapter 3.2.1).

    The signs of the 16 x 16 lowest coefficients of its cosine transform against their median; the
    more bits of two hashes differ, the more do the images, see `hash_words`.

    Args:
        image: uint8, H x W x C with C = 1 or 3.

    Returns:
        64 hex digits; nothing for an image without structure.
    """
    gray = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).convert("L")
    small = gray.reduce((max(1, gray.width // _ENOUGH), max(1, gray.height // _ENOUGH)))
    if np.asarray(small).std() < MIN_SPREAD:
        return ""
    bits = imagehash.phash(small, hash_size=SIDE).hash
    return np.packbits(bits).tobytes().hex()


def hash_words(hashes: list[str]) -> NDArray[np.uint64]:
    """Return hashes as uint64, N x 4: two differ in `bitwise_count(a ^ b).sum()` bits."""
    packed = np.frombuffer(bytes.fromhex("".join(hashes)), np.uint8)
    return packed.reshape(len(hashes), BITS // 8).view(np.uint64)
