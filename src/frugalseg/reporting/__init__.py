"""Figures, tables and the page: everything a reader of a finished study sees.

`load.study` reads the files of one data set, `figures.draw_all` draws them, `page.render` writes
the self-contained page and `page.render_index` the page over all data sets. Nothing here trains,
predicts or tests: earlier stages made every number on the page.
"""
