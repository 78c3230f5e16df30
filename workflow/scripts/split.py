"""Rule split: which image is for training, validation or test."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import split

with job(snakemake.log[0]):
    split.run(
        Path(snakemake.input.index).parent,
        Path(snakemake.output.split),
        seed=int(snakemake.wildcards.seed),
        **snakemake.params.settings,
    )
