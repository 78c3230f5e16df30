"""Where Snakemake looks for the plugin of `--logger frugalseg`: by this package's name."""

from frugalseg.pipeline.log_handler import LogHandler

__all__ = ["LogHandler"]
