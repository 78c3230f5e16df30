"""Rule train: one arm, one seed, one round."""

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import train

names = dict(snakemake.wildcards.items())
with job(snakemake.log[0]):
    train.run(
        train.Run.of(
            snakemake.params.settings,
            **names | {"seed": int(names["seed"]), "round": int(names["round"])},
            code=snakemake.params.code,
        ),
        Path(snakemake.input.card).parent,
        Path(snakemake.input.ledger),
        Path(snakemake.input.start) if snakemake.input.start else None,
        Path(snakemake.output.model).parent,
        resume=Path(".frugalseg/resume"),
        threads=snakemake.threads,
        pseudo=Path(snakemake.input.pseudo) if snakemake.input.pseudo else None,
    )
