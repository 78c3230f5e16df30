"""Models: networks over segmentation-models-pytorch, and the weights they begin with."""

ARCHITECTURES = {
    "flex_unet": "frugalseg.models.flex_unet:FlexUNet",
    "unet": "segmentation_models_pytorch:Unet",
    "unetplusplus": "segmentation_models_pytorch:UnetPlusPlus",
}
