"""Rule evaluate: all rounds of a run on the test split."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import evaluate

with job(snakemake.log[0]):
    evaluate.run(
        Path(snakemake.input.card).parent,
        Path(snakemake.input.split),
        snakemake.params.rounds,
        [Path(model) for model in snakemake.input.models],
        [Path(ledger) for ledger in snakemake.input.ledgers],
        Path(snakemake.output.counts).parent,
        key=(int(snakemake.wildcards.seed), snakemake.wildcards.arm),
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
