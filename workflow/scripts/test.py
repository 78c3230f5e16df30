"""Rule test: the planned contrasts, and the budget curves."""

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import test

with job(snakemake.log[0]):
    test.run(
        Path(snakemake.input.scores),
        Path(snakemake.output.contrasts),
        Path(snakemake.output.curve),
        **snakemake.params.settings,
    )
