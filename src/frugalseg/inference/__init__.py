"""Inference: what a trained model predicts of whole images."""

POOL_INPUTS = {
    "maps": "frugalseg.inference.pool_inputs:maps",
    "embeddings": "frugalseg.inference.pool_inputs:embeddings",
    "gradients": "frugalseg.inference.pool_inputs:gradients",
    "masks": "frugalseg.inference.pool_inputs:masks",
}
"""The function that computes each input an acquisition may need; some run a network."""

START_FEATURES = {
    "image": "frugalseg.inference.start_features:image_features",
    "patch": "frugalseg.inference.start_features:patch_features",
}
"""What the first labels can be chosen by, of a network that has seen no label."""
