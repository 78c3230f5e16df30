"""Rule label: what an arm buys in a round."""

import sys

from frugalseg.pipeline import warm

warm.enter(sys.argv[0])

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import label

with job(snakemake.log[0]):
    label.run(
        Path(snakemake.input.index).parent,
        Path(snakemake.input.split),
        Path(snakemake.input.parent) if snakemake.input.parent else None,
        Path(snakemake.output.labels),
        arm=snakemake.wildcards.arm,
        seed=int(snakemake.wildcards.seed),
        round_=int(snakemake.wildcards.round),
        model=Path(snakemake.input.model) if snakemake.input.model else None,
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
