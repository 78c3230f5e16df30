"""Rule score: every metric of every run, with the cost of its labels."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import score

with job(snakemake.log[0]):
    score.run(
        Path(snakemake.input.index).parent,
        snakemake.params.runs,
        [Path(counts).parent for counts in snakemake.input.counts],
        [Path(ledger) for ledger in snakemake.input.ledgers],
        [Path(split) for split in snakemake.input.splits],
        Path(snakemake.output.scores).parent,
        snakemake.params.settings,
        Path(snakemake.params.registration),
        **snakemake.params.planned,
    )
