"""Rule pseudo: the masks that a start's model draws for an arm."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.settings.tags import PseudoParams
from frugalseg.stages import pseudo

with job(snakemake.log[0]):
    pseudo.run(
        Path(snakemake.input.index).parent,
        Path(snakemake.input.ledger),
        Path(snakemake.input.model),
        Path(snakemake.output.masks),
        PseudoParams.model_validate(snakemake.params.settings),
        threads=snakemake.threads,
    )
