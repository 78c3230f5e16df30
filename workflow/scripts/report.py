"""Rule report: the page of a data set."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import report

with job(snakemake.log[0]):
    report.run(
        Path(snakemake.input.card).parent,
        Path(snakemake.input.scores).parent,
        Path(snakemake.input.figures).parent,
        Path(snakemake.input.jobs),
        Path(snakemake.output.page),
        Path(snakemake.output.summary),
        snakemake.params.settings,
    )
