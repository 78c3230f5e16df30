"""Rule jobs: time and memory of a data set's jobs."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import jobs

with job(snakemake.log[0]):
    jobs.run(Path(snakemake.log[0]).parent, snakemake.params.runs, Path(snakemake.output[0]))
