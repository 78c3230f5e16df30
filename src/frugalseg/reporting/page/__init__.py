"""The HTML pages: templates filled with text, tables, figures and a gallery."""
