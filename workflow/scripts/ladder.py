"""Rule ladder: the scores from a weak model to the last one trained on pseudo-masks."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import ladder

with job(snakemake.log[0]):
    ladder.run(
        Path(snakemake.input.scores),
        snakemake.params.ladders,
        dict(zip(snakemake.params.runs, map(Path, snakemake.input.refined), strict=True)),
        Path(snakemake.output[0]),
    )
