"""Rule shortcut: how well an image's source alone predicts its tag, compared with the models."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import shortcut

with job(snakemake.log[0]):
    shortcut.run(
        snakemake.params.runs,
        [Path(counts) for counts in snakemake.input.counts],
        [Path(ledger) for ledger in snakemake.input.ledgers],
        snakemake.params.origin,
        Path(snakemake.output[0]),
    )
