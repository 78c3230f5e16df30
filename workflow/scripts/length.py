"""Rule length: how many steps a training takes, for all its arms and seeds."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.pipeline.resources import LENGTH_THREADS
from frugalseg.stages import length, train

with job(snakemake.log[0]):
    length.run(
        train.Run(**snakemake.params.settings, code=snakemake.params.code),
        snakemake.wildcards.training,
        Path(snakemake.input.card).parent,
        Path(snakemake.input.ledger),
        Path(snakemake.input.split),
        Path(snakemake.output[0]),
        resume=Path(".frugalseg/resume"),
        threads=max(snakemake.threads, LENGTH_THREADS),  # with --cores 1 as well
    )
