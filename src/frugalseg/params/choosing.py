"""Whether an arm's acquisition can do with the arm's unit, passes and models what it is told to."""

from collections.abc import Mapping

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.model import ModelParams


def check_acquisition(key: str, acquire: str, unit: str, passes: int) -> None:
    """Refuse a unit or a number of passes with which the acquisition is not defined.

    Args:
        key: of the arm in `params.yaml`.
    """
    acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
    if unit not in acquisition.units:
        raise FrugalsegError(
            f"{key}.unit: {acquire!r} chooses by {' or '.join(acquisition.units)}; found {unit!r}"
        )
    if passes < acquisition.least_passes:
        raise FrugalsegError(
            f"{key}.passes: {acquire!r} compares stochastic passes and needs at least "
            f"{acquisition.least_passes}; found {passes}"
        )


def check_passes(key: str, acquire: str, passes: int, choosing: Mapping[str, ModelParams]) -> None:
    """Refuse several passes of a model that draws nothing anew: all of them would be the same.

    Args:
        key: of the arm in `params.yaml`.
        choosing: the models that choose, by the key of their arm.
    """
    if passes == 1 or lookup(ACQUISITIONS, acquire, "acquisition").needs != "maps":
        return
    for owner, model in choosing.items():
        if model.dropout is None or model.encoder is None:
            raise FrugalsegError(
                f"{key}.passes: {passes} stochastic passes need dropout, and the model of {owner} "
                "has none that is drawn anew in every pass; give it 'dropout: {p, where}' "
                "(networks with an encoder only), or use 'passes: 1'"
            )


def refuse_shared_tags(key: str, name: str, entry: DataSetParams | None) -> None:
    """Refuse tags of tiles that overlap: a tag speaks of what a tile shows and has no label of.

    Raises:
        FrugalsegError: naming the arm's `key` and the data set.
    """
    if entry is not None and entry.tile is not None and entry.tile.overlap:
        raise FrugalsegError(
            f"{key}.tags: the tags of overlapping tiles would not be those of their own pixels; "
            f"found datasets.{name}.tile.overlap {entry.tile.overlap:g}. Set it to 0 to buy tags."
        )
