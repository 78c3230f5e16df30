"""Which of an arm's sections its strategy reads, and what it inherits of them."""

from collections.abc import Mapping
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.schema import ArmParams
from frugalseg.params.strategies import OPTIONS, UNLABELED, UnlabeledParams


def strategy_options(
    key: str, entry: ArmParams, strategy: str, inherited: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return what an arm tells its strategy, as plain values with defaults.

    Args:
        key: of the arm, for messages. inherited: what its start tells the same strategy, if it
            has it; taken where the arm says nothing itself.

    Raises:
        FrugalsegError: the arm has a section for another strategy.
    """
    for name in OPTIONS:
        if name != strategy and getattr(entry, name) is not None:
            raise FrugalsegError(
                f"{key}.{name}: options of a strategy that the arm does not use; its strategy is "
                f"{strategy!r}. Remove them, or set strategy: {name}"
            )
    if strategy not in OPTIONS:
        return {}
    section = getattr(entry, strategy)
    if section is None and inherited is not None:
        return inherited
    return (section or OPTIONS[strategy]()).model_dump(mode="json")


def unlabeled_options(
    key: str, entry: ArmParams, strategy: str, inherited: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Return how unlabeled images are drawn; None for a strategy that does not see them.

    Raises:
        FrugalsegError: the arm says how, but its strategy does not see them.
    """
    if strategy not in UNLABELED:
        if entry.unlabeled is not None:
            raise FrugalsegError(
                f"{key}.unlabeled: the strategy {strategy!r} learns from labeled images alone. "
                f"Remove it, or set strategy to one of: {', '.join(sorted(UNLABELED))}"
            )
        return None
    if entry.unlabeled is None and inherited is not None:
        return inherited
    return (entry.unlabeled or UnlabeledParams()).model_dump(mode="json")
