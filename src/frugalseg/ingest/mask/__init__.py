"""From a mask file to classes: Otsu, thresholds, values, colors."""
