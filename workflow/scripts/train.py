"""Rule train: one arm, one seed, one round."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import train

with job(snakemake.log[0]):
    train.run(
        train.Run(**snakemake.wildcards, **snakemake.params.settings, code=snakemake.params.code),
        Path(snakemake.input.card).parent,
        Path(snakemake.input.ledger),
        Path(snakemake.input.start) if snakemake.input.start else None,
        Path(snakemake.output.model).parent,
        resume=Path(".frugalseg/resume"),
        threads=snakemake.threads,
        split=Path(snakemake.input.split) if snakemake.input.split else None,
        pseudo=Path(snakemake.input.pseudo) if snakemake.input.pseudo else None,
        length=Path(snakemake.input.length) if snakemake.input.length else None,
    )
