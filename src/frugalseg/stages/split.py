"""Stage `split`: which image is for training, validation or test, for one seed."""

from pathlib import Path

from frugalseg.data.splits import split
from frugalseg.data.stack import read_index
from frugalseg.files import write_csv
from frugalseg.randomness import generator


def run(prepared: Path, out: Path, *, seed: int, test: float, validation: float) -> None:
    """Write `split.csv` (image_id, part)."""
    rng = generator(seed, "split")
    write_csv(out, split(read_index(prepared), test=test, validation=validation, rng=rng))
