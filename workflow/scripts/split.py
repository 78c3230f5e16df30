"""Rule split: which image is for training, validation or test."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import split

with job(snakemake.log[0]):
    split.run(
        Path(snakemake.input.index).parent,
        Path(snakemake.output.split),
        seed=int(snakemake.wildcards.seed),
        **snakemake.params.settings,
    )
