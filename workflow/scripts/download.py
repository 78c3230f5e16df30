"""Rule download: fetch or draw a data set's archive."""

import os
from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import download

folders = [Path(folder) for folder in [os.environ.get("FRUGALSEG_DATA")] if folder]
with job(snakemake.log[0]):
    download.run(Path(snakemake.output[0]), search=folders, **snakemake.params.settings)
