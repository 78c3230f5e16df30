"""Build a segmentation network from its entry in `params.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.models import ARCHITECTURES
from frugalseg.models.dropout import add_dropout
from frugalseg.models.freeze import freeze_stages
from frugalseg.models.prune import drop_unused_blocks
from frugalseg.models.weights import BUNDLED, load_bundled, load_encoder_file


def logit_channels(classes: int) -> int:
    """Return the channels of the logits: 1 (sigmoid) for one foreground class, else K + 1."""
    return 1 if classes == 1 else classes + 1


def build_model(
    *,
    arch: str,
    encoder: str | None,
    weights: str,
    classes: int,
    channels: int,
    seed: int,
    decoder_channels: tuple[int, ...] | None = None,
    dropout: Mapping[str, Any] | None = None,
    frozen_stages: int = 0,
    flex: Mapping[str, Any] | None = None,
) -> nn.Module:
    """Build a network that maps N x C x H x W images to N x `logit_channels` x H x W logits.

    Args:
        arch, encoder, decoder_channels, dropout, frozen_stages, flex: the fields of `ModelParams`.
        weights: `imagenet` (from the hub), `bundled`, `file:PATH.safetensors` or `none`.
        classes: number of foreground classes. channels: image channels.
        seed: of the random weights, which are drawn without touching global state.

    Raises:
        FrugalsegError: the weights are not available, or the settings do not fit together.
    """
    options: dict[str, Any] = {"classes": logit_channels(classes)}
    if encoder is None:
        options |= {"channels": channels, **(flex or {})}
    else:
        options |= {"encoder_name": encoder, "encoder_weights": None, "in_channels": channels}
        if weights == "imagenet":
            options["encoder_weights"] = True if encoder.startswith("tu-") else "imagenet"
        if decoder_channels is not None:
            depth = len(decoder_channels)
            options |= {"decoder_channels": decoder_channels, "encoder_depth": depth}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Any = _make(arch, options)
    if encoder is not None:
        drop_unused_blocks(model.encoder)
    if weights == "bundled":
        load_bundled(model.encoder, str(encoder))
    elif weights.startswith("file:"):
        load_encoder_file(model.encoder, Path(weights.removeprefix("file:")))
    if dropout is not None:
        add_dropout(model, **dropout, channels=channels)
    freeze_stages(model.encoder, frozen_stages)
    return cast("nn.Module", model)


def _make(arch: str, options: dict[str, Any]) -> Any:
    try:
        return lookup(ARCHITECTURES, arch, "architecture")(**options)
    except OSError as error:
        raise FrugalsegError(
            f"The ImageNet weights of {options['encoder_name']!r} are not available from the hub: "
            f"{error}. Connect to the network once (they are cached), or in params.yaml set the "
            "model's weights to 'file:PATH.safetensors', 'none', or to 'bundled' with encoder "
            f"'tu-{BUNDLED}'."
        ) from error
    except (KeyError, ValueError, RuntimeError) as error:
        raise FrugalsegError(f"{arch} cannot be built with {options}: {error}") from error
