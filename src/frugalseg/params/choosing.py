"""Whether an arm's acquisition can do with the arm's unit, passes and models what it is told to."""

from collections.abc import Mapping

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.params.schema import ModelParams


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
