"""One module a stage of the pipeline: load, call the library, save. Scripts call nothing else."""

VIEWS = {
    "maps": "frugalseg.stages.model_view:with_maps",
    "embeddings": "frugalseg.stages.model_view:with_embeddings",
    "gradients": "frugalseg.stages.model_view:with_gradients",
    "masks": "frugalseg.stages.mask_view:with_foreground",
}
"""What shows an acquisition what it needs of the pool; apart, for only some need a network."""
