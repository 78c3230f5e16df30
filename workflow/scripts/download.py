"""Rule download: fetch or draw a data set's archive."""

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.ingest.fetch.local_source import data_folders
from frugalseg.stages import download

with job(snakemake.log[0]):
    download.run(Path(snakemake.output[0]), search=data_folders(), **snakemake.params.settings)
