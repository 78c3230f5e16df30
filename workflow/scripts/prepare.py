"""Rule prepare: from an archive to the stack that every later stage reads."""

from pathlib import Path

from frugalseg.core.logs import job
from frugalseg.stages import prepare

with job(snakemake.log[0]):
    prepare.run(
        Path(snakemake.input[0]),
        Path(snakemake.output.card).parent,
        prepare.Settings(**snakemake.params.settings),
        name=snakemake.wildcards.dataset,
        threads=snakemake.threads,
    )
