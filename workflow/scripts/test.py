"""Rule test: the planned contrasts, and the tables that help to read them."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import test

with job(snakemake.log[0]):
    test.run(
        Path(snakemake.input.scores),
        Path(snakemake.input.index).parent,
        dict(zip(snakemake.params.runs, map(Path, snakemake.input.counts), strict=True)),
        [Path(record) for record in snakemake.input.records],
        Path(snakemake.params.registration),
        Path(snakemake.output[0]).parent,
        **snakemake.params.settings,
    )
