"""One module a stage of the pipeline: load, call the library, save. Scripts call nothing else."""
