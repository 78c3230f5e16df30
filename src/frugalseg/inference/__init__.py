"""Inference: what a trained model says of whole images."""

POOL_INPUTS = {
    "maps": "frugalseg.inference.model_pool:with_maps",
    "embeddings": "frugalseg.inference.model_pool:with_embeddings",
    "gradients": "frugalseg.inference.model_pool:with_gradients",
    "masks": "frugalseg.inference.mask_pool:with_foreground",
}
"""What adds to a pool what an acquisition needs of it; some of it takes a network."""
