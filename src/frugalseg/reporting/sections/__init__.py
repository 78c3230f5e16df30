"""Sections of a data set's page: sentences and tables, as strong as the statistics allow."""
