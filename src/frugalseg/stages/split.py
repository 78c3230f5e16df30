"""Stage `split`: which image is for training, validation or test, for one seed."""

from pathlib import Path

from frugalseg.core.files import write_csv
from frugalseg.core.randomness import generator
from frugalseg.data.split import Policy, split
from frugalseg.data.stack import read_index
from frugalseg.ingest.duplicates import read_duplicates


def run(
    prepared: Path, out: Path, *, seed: int, test: float, validation: float, leaks: Policy = "keep"
) -> None:
    """Write `out` (image_id, part), and beside it `leaks-<out>`: what it leaks."""
    drawn = split(
        read_index(prepared),
        test=test,
        validation=validation,
        rng=generator(seed, "split"),
        pairs=read_duplicates(prepared),
        leaks=leaks,
    )
    write_csv(out, drawn.parts)
    write_csv(out.with_name(f"leaks-{out.name}"), drawn.leaks)
