"""Getting an archive: downloads that resume, local folders, files placed by hand."""
