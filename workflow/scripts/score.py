"""Rule score: every metric of every run, beside what its labels cost."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import score

given = snakemake.input
with job(snakemake.log[0]):
    score.run(
        Path(given.index).parent,
        score.RunFiles.of(snakemake.params.runs, given.counts, given.ledgers, given.splits),
        Path(snakemake.output.scores),
        Path(snakemake.output.metrics),
        snakemake.params.settings,
        Path(snakemake.params.registration),
        **snakemake.params.planned,
    )
