"""Inference: what a trained model says of whole images."""
