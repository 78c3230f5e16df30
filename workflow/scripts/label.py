"""Rule label: what an arm buys in a round."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import label

given, names = snakemake.input, snakemake.wildcards
with job(snakemake.log[0]):
    label.run(
        Path(given.index).parent,
        Path(given.split),
        Path(given.parent) if given.parent else None,
        Path(snakemake.output.labels),
        **{"arm": names.arm, "seed": int(names.seed), "round_": int(names.round)},
        model=Path(given.model) if given.model else None,
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
