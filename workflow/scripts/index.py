"""Rule index: the page over all data sets."""

import sys

from frugalseg.pipeline import fork_server

fork_server.delegate(sys.argv[0])

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import index

with job(snakemake.log[0]):
    index.run([Path(file) for file in snakemake.input.summaries], Path(snakemake.output[0]))
