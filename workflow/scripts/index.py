"""Rule index: the page over all data sets."""

import sys

from frugalseg.pipeline import warm

warm.enter(sys.argv[0])

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import index

with job(snakemake.log[0]):
    index.run([Path(file) for file in snakemake.input.summaries], Path(snakemake.output[0]))
