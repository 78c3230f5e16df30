"""Rule evaluate: all rounds of a run on the test split."""

import sys

from frugalseg.pipeline import warm

warm.enter(sys.argv[0])

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import evaluate

with job(snakemake.log[0]):
    evaluate.run(
        Path(snakemake.input.card).parent,
        Path(snakemake.input.split),
        dict(zip(snakemake.params.rounds, map(Path, snakemake.input.models), strict=True)),
        Path(snakemake.output.counts),
        Path(snakemake.output.samples),
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
