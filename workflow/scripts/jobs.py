"""Rule jobs: time and memory of a data set's jobs."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import jobs

with job(snakemake.log[0]):
    jobs.run(Path(snakemake.log[0]).parent, snakemake.params.runs, Path(snakemake.output[0]))
