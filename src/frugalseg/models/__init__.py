"""Models: networks over segmentation-models-pytorch, and the weights they begin with."""

ARCHITECTURES = {
    "flex_unet": "frugalseg.models.flex_unet:FlexUNet",
    "frozen_head": "frugalseg.models.frozen_head:FrozenHead",
    "unet": "segmentation_models_pytorch:Unet",
    "unetplusplus": "segmentation_models_pytorch:UnetPlusPlus",
}
