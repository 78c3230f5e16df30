"""Figures, each drawn into PNG, SVG and PDF with its data as CSV."""
