"""What everything stands on: errors, files, boxes, randomness, registries, the device."""
