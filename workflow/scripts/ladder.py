"""Rule ladder: the scores from a weak model to the last one trained on pseudo-masks."""

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
        dict(zip(snakemake.params.runs, map(Path, snakemake.input.refined), strict=True)),
        Path(snakemake.output[0]),
    )
