"""Rule ladder: every step from a weak model to the last one trained on pseudo-masks."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import ladder

with job(snakemake.log[0]):
    ladder.run(
        Path(snakemake.input.scores),
        snakemake.params.ladders,
        ladder.Refined.of(snakemake.params.runs, snakemake.input.refined),
        Path(snakemake.output[0]),
    )
