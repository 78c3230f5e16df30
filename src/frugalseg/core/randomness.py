"""Random generators, each derived from what it is for."""

import hashlib

import numpy as np


def _entropy(key: tuple[int | str, ...]) -> int:
    """Hash a key to 128 bits; SHA-256 because `hash()` differs from process to process."""
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in key)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def generator(*key: int | str) -> np.random.Generator:
    """Return the generator for one purpose: `generator(seed, arm, round, "batch", step)`.

    Equal keys give equal streams on every machine, different keys independent ones (numpy's
    SeedSequence, O'Neill 2015).
    """
    return np.random.default_rng(np.random.SeedSequence(_entropy(key)))


def torch_seed(*key: int | str) -> int:
    """Return the seed of a torch generator for one purpose; 63 bits, as torch's are signed."""
    return _entropy(key) >> 65
