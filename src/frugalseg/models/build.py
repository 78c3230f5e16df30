"""Building a segmentation network from its entry in `params.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.models import ARCHITECTURES
from frugalseg.models.dropout import add_dropout
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
    flex: Mapping[str, Any] | None = None,
) -> nn.Module:
    """Build a network that maps N x C x H x W images to N x `logit_channels` x H x W logits.

    Args:
        arch: a key of `ARCHITECTURES`.
        encoder: an encoder of segmentation-models-pytorch; None for `flex_unet`.
        weights: `imagenet` (from the hub), `bundled`, `file:PATH.safetensors` or `none`.
        classes: number of foreground classes.
        channels: image channels.
        seed: of the weights that nothing is loaded into; drawn without touching global state.
        dropout: `p` and `where` of `frugalseg.models.dropout.add_dropout`; none by default.
        flex: settings of `flex_unet`; see `frugalseg.models.flex_unet`.

    Raises:
        FrugalsegError: the weights cannot be had, with what to do instead.
    """
    make = lookup(ARCHITECTURES, arch, "architecture")
    if encoder is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            own: nn.Module = make(channels=channels, classes=logit_channels(classes), **flex or {})
        return own
    options: dict[str, Any] = {"encoder_weights": None, "in_channels": channels}
    if weights == "imagenet":
        options["encoder_weights"] = True if encoder.startswith("tu-") else "imagenet"
    if decoder_channels is not None:
        options |= {"decoder_channels": decoder_channels, "encoder_depth": len(decoder_channels)}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: nn.Module = _make(make, encoder, classes, options)
    if weights == "bundled":
        load_bundled(model.encoder, encoder)  # type: ignore[arg-type]
    elif weights.startswith("file:"):
        load_encoder_file(model.encoder, Path(weights.removeprefix("file:")))  # type: ignore[arg-type]
    if dropout is not None:
        add_dropout(model, **dropout, channels=channels)
    return model


def _make(make: Any, encoder: str, classes: int, options: dict[str, Any]) -> nn.Module:
    try:
        model: nn.Module = make(encoder, classes=logit_channels(classes), **options)
        return model
    except OSError as error:
        raise FrugalsegError(
            f"ImageNet weights of {encoder!r} could not be had from the hub: {error}. Connect to "
            f"the network once (they are cached), or in params.yaml set the model's weights to "
            f"'file:PATH.safetensors', 'none', or to 'bundled' with encoder 'tu-{BUNDLED}'."
        ) from error
    except (KeyError, ValueError, RuntimeError) as error:
        raise FrugalsegError(f"{encoder!r} cannot be built with {options}: {error}") from error
