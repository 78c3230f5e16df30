"""Rule shortcut: tags told by the source alone, beside those of the models."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import shortcut

with job(snakemake.log[0]):
    shortcut.run(
        shortcut.Tagged.of(snakemake.params.runs, snakemake.input.counts, snakemake.input.ledgers),
        snakemake.params.origin,
        Path(snakemake.output[0]),
    )
