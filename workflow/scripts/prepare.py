"""Rule prepare: from an archive to the stack that every later stage reads."""

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare

with job(snakemake.log[0]):
    prepare.run(
        Path(snakemake.input[0]),
        Path(snakemake.output.card).parent,
        DataSetParams.model_validate(snakemake.params.settings),
        name=snakemake.wildcards.dataset,
        threads=snakemake.threads,
    )
