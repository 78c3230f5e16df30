"""Stage `split`: the part of every image (training, validation, test, ...), for one seed.

All seeds share the test images, so that arms and seeds differ in what they learned, not in what
they were asked.
"""

from pathlib import Path

from frugalseg.core.files import write_csv
from frugalseg.core.randomness import generator
from frugalseg.data.split import Policy, split
from frugalseg.data.stack import read_duplicates, read_index


def run(
    prepared: Path, out: Path, *, seed: int, test: float, validation: float, leaks: Policy = "keep"
) -> None:
    """Write `out` (image_id, part) and, in the same folder, `leaks-<out>` with the leaks."""
    result = split(
        read_index(prepared),
        test=test,
        validation=validation,
        test_rng=generator("split", "test"),
        validation_rng=generator(seed, "split", "val"),
        pairs=read_duplicates(prepared),
        leaks=leaks,
    )
    write_csv(out, result.parts)
    write_csv(out.with_name(f"leaks-{out.name}"), result.leaks)
