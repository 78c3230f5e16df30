"""Models: networks over segmentation-models-pytorch, and the weights they begin with."""

ARCHITECTURES = {
    "unet": "segmentation_models_pytorch:Unet",
    "unetplusplus": "segmentation_models_pytorch:UnetPlusPlus",
}
