"""Rule index: the page over all data sets."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import index

with job(snakemake.log[0]):
    index.run([Path(file) for file in snakemake.input.summaries], Path(snakemake.output[0]))
