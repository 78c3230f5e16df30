"""A first answer for a folder of images and masks within minutes, without a study."""
