"""What all other packages use: errors, files, boxes, randomness, registries, the device."""
