"""Inference: what a trained model predicts of whole images."""

POOL_INPUTS = {
    "maps": "frugalseg.inference.pool_inputs:maps",
    "embeddings": "frugalseg.inference.pool_inputs:embeddings",
    "gradients": "frugalseg.inference.pool_inputs:gradients",
    "masks": "frugalseg.inference.pool_inputs:masks",
}
"""The function that computes each input an acquisition may need; some run a network."""
