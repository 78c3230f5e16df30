"""Rule refine: the maps behind an arm's pseudo-masks on the test split."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.settings.tags import PseudoParams
from frugalseg.stages import refine

with job(snakemake.log[0]):
    refine.run(
        Path(snakemake.input.index).parent,
        Path(snakemake.input.split),
        Path(snakemake.input.model),
        Path(snakemake.input.listing),
        Path(snakemake.output[0]),
        PseudoParams.model_validate(snakemake.params.settings),
        threads=snakemake.threads,
    )
