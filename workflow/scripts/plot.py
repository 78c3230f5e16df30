"""Rule plot: the figures of a data set."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import plot

with job(snakemake.log[0]):
    plot.run(
        Path(snakemake.input.card).parent,
        Path(snakemake.input.scores).parent,
        Path(snakemake.output[0]).parent,
        snakemake.params.settings,
        threads=snakemake.threads,
    )
