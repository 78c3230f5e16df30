"""Rule test: the planned contrasts, and what they are to be read with."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import test

counts = zip(snakemake.params.runs, map(Path, snakemake.input.counts), strict=True)
with job(snakemake.log[0]):
    test.run(
        Path(snakemake.input.scores),
        {(arm, seed): path for (arm, seed), path in counts},
        [Path(record) for record in snakemake.input.records],
        Path(snakemake.params.registration),
        Path(snakemake.output.contrasts).parent,
        **snakemake.params.settings,
    )
