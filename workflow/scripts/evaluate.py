"""Rule evaluate: all rounds of a run on the test split."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0], wait=True)

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import evaluate

given = snakemake.input
with job(snakemake.log[0]):
    evaluate.run(
        Path(given.card).parent,
        Path(given.split),
        evaluate.RoundFiles.of(snakemake.params.rounds, given.models, given.ledgers),
        Path(snakemake.output.counts).parent,
        key=(int(snakemake.wildcards.seed), snakemake.wildcards.arm),
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
