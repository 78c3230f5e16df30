"""Model files: safetensors whose metadata hold everything that predicting needs."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import replacing
from frugalseg.models.build import build_model
from frugalseg.models.fold import fold_batch_norms

NAME, VERSION = "frugalseg-model-", 1
FORMAT = f"{NAME}{VERSION}"


def save_model(path: Path, model: nn.Module, card: dict[str, Any]) -> None:
    """Write the weights and `card` (architecture, classes, scaling, threshold ...), atomically."""
    state = {
        name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()
    }
    # one entry only: safetensors writes several in random order, and equal models would differ
    metadata = {FORMAT: json.dumps(card, sort_keys=True)}
    with replacing(path) as partial:
        save_file(state, partial, metadata=metadata)


def read_card(path: Path) -> dict[str, Any]:
    """Read a model file's metadata.

    Raises:
        FrugalsegError: the file is not one of ours, is damaged or of another version.
    """
    if not path.is_file():
        raise FrugalsegError(
            f"{path}: expected a model file, found none. Give the path of a model.safetensors."
        )
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except Exception as error:
        raise FrugalsegError(
            f"{path} is not a readable safetensors file: {error}. Train it again, or `dvc pull`."
        ) from error
    if FORMAT not in metadata:
        problem = _describe_format(metadata)
        raise FrugalsegError(f"{path}: expected a model of format {FORMAT!r}, {problem}")
    try:
        card = json.loads(metadata[FORMAT])
    except ValueError as error:
        raise FrugalsegError(f"{path}: its card is damaged ({error}). Train it again.") from error
    if not isinstance(card, dict):
        raise FrugalsegError(f"{path}: its card is not a table. Train it again with this version.")
    return card


def _describe_format(metadata: Iterable[str]) -> str:
    """Return which format the file has instead, and what to do."""
    versions = [key.removeprefix(NAME) for key in metadata if key.startswith(NAME)]
    if not versions:
        return f"found {sorted(metadata) or 'none'}. Use a model.safetensors that `train` wrote."
    if versions[0].isdigit() and int(versions[0]) > VERSION:
        return f"found the newer {NAME}{versions[0]}. Install the version that wrote it."
    return f"found the older {NAME}{versions[0]}. Train it again with this version."


def check_card(path: Path, card: dict[str, Any], needed: Iterable[str]) -> None:
    """Raise FrugalsegError if a card lacks any of the `needed` keys."""
    missing = sorted(set(needed) - set(card))
    if missing:
        raise FrugalsegError(
            f"{path}: its card lacks {', '.join(missing)}; it was written by another version. "
            "Train it again with this one."
        )


def load_weights(path: Path, model: nn.Module) -> None:
    """Load the weights of a model file into `model`, which must have the same architecture."""
    read_card(path)
    try:
        model.load_state_dict(load_file(path))
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise FrugalsegError(
            f"{path} does not fit the network: {reason[:300]}. Use a model of the same "
            "architecture, classes and channels."
        ) from error


def load_model(path: Path, needed: Iterable[str] = ()) -> tuple[nn.Module, dict[str, Any]]:
    """Build the network that a model file holds, for inference; return it and its card.

    Its batch normalizations are folded (`fold_batch_norms`): to train on, build a network and take
    `load_weights`.

    Args:
        needed: keys that the card must have besides those that the network is built from.

    Raises:
        FrugalsegError: not one of our files, damaged, or of another version.
    """
    card = read_card(path)
    check_card(path, card, {"model", "classes", "channels", *needed})
    try:
        settings = card["model"] | {"weights": "none", "seed": 0, "frozen_stages": 0}
        model = build_model(**settings, classes=len(card["classes"]), channels=card["channels"])
    except (TypeError, ValueError) as error:
        raise FrugalsegError(
            f"{path}: no network can be built from its card ({error}); it was written by another "
            "version or is damaged. Train it again with this one."
        ) from error
    load_weights(path, model)
    return fold_batch_norms(model.eval()), card
