"""Which of an arm's sections its strategy reads, and what it inherits of them."""

from collections.abc import Mapping
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.strategy import LABELED_ONLY, OPTIONS, UNLABELED, UnlabeledParams


def strategy_options(
    key: str, entry: ArmParams, strategy: str, inherited: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return what an arm tells its strategy, as plain values with defaults.

    A strategy with a section of its own name is told that; any other the arm's `options`.

    Args:
        key: of the arm, for messages. inherited: what its start tells the same strategy, if it
            has it; taken where the arm says nothing itself.

    Raises:
        FrugalsegError: the arm has a section for another strategy.
    """
    own = strategy if strategy in OPTIONS else "options"
    for name in (*OPTIONS, "options"):
        if name != own and getattr(entry, name):
            remedy = f"set strategy: {name}" if name in OPTIONS else f"move them to {own!r}"
            raise FrugalsegError(
                f"{key}.{name}: options of a strategy that the arm does not use; its strategy is "
                f"{strategy!r}. Remove them, or {remedy}"
            )
    if own == "options":
        return entry.options or inherited or {}
    section = getattr(entry, own)
    if section is None and inherited is not None:
        return inherited
    return (section or OPTIONS[own]()).model_dump(mode="json")


def unlabeled_options(
    key: str, entry: ArmParams, strategy: str, inherited: UnlabeledParams | None
) -> UnlabeledParams | None:
    """Return how unlabeled images are drawn; None for a strategy that does not see them.

    Raises:
        FrugalsegError: the arm says how, but its strategy does not see them.
    """
    if strategy in LABELED_ONLY:
        if entry.unlabeled is not None:
            raise FrugalsegError(
                f"{key}.unlabeled: the strategy {strategy!r} learns from labeled images alone. "
                f"Remove it, or use another strategy, such as {', '.join(sorted(UNLABELED))}"
            )
        return None
    default = UnlabeledParams() if strategy in UNLABELED else None
    return entry.unlabeled or inherited or default
