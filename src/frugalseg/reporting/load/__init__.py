"""A finished study, read from the files that the pipeline left."""
