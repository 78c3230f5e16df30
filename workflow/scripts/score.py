"""Rule score: every metric of every run, beside what its labels cost."""

from pathlib import Path

from frugalseg.logs import job
from frugalseg.stages import score

files = zip(snakemake.input.counts, snakemake.input.ledgers, snakemake.input.splits, strict=True)
with job(snakemake.log[0]):
    score.run(
        Path(snakemake.input.index).parent,
        [
            score.RunFiles(arm, seed, *map(Path, paths))
            for (arm, seed), paths in zip(snakemake.params.runs, files, strict=True)
        ],
        Path(snakemake.output.scores),
        Path(snakemake.output.metrics),
        snakemake.params.settings,
        Path(snakemake.params.registration),
        **snakemake.params.planned,
    )
