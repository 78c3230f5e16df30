"""One module a rule of the workflow: load, call the library, save. Scripts call nothing else."""
