"""Where Snakemake looks for the plugin of `--scheduler frugalseg`: by this package's name."""

from frugalseg.pipeline.scheduler import Scheduler

__all__ = ["Scheduler"]
