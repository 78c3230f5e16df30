"""Rule label: what an arm buys in a round."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import label

inputs, names = snakemake.input, snakemake.wildcards
with job(snakemake.log[0]):
    label.run(
        Path(inputs.index).parent,
        Path(inputs.split),
        Path(inputs.parent) if inputs.parent else None,
        Path(snakemake.output.labels),
        arm=names.arm,
        seed=int(names.seed),
        round_=int(names.round),
        model=Path(inputs.model) if inputs.model else None,
        threads=snakemake.threads,
        **snakemake.params.settings,
    )
