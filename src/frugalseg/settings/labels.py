"""What an arm buys first: masks, tags, and kinds of drawings, each of some images."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag

from frugalseg.settings.section import Amount

MASKS, TAGS = "images", "tags"
"""The kinds that are not drawings; those are in `frugalseg.data.kinds`."""


def _all(value: Any) -> Any:
    return 1.0 if value == "all" else value


def _some(kinds: dict[str, int | float]) -> dict[str, int | float]:
    if not kinds:
        raise ValueError("expected at least one kind of label, such as {scribbles: 40}")
    return kinds


def _form(value: Any) -> str:
    if isinstance(value, Mapping):
        return "mapping"
    return TAGS if value == TAGS else "amount"


Labels = Annotated[
    Annotated[
        dict[str, Annotated[Amount, BeforeValidator(_all)]], AfterValidator(_some), Tag("mapping")
    ]
    | Annotated[Amount, Tag("amount")]
    | Annotated[Literal["tags"], Tag(TAGS)],
    Discriminator(_form),
]
"""An `Amount` of masks; `tags`; or several kinds: `{images: 8, scribbles: 40, tags: all}`."""


def amounts(labels: Any) -> dict[str, int | float]:
    """Return how much of each kind `Labels` stand for; nothing for None."""
    if isinstance(labels, Mapping):
        return dict(labels)
    if labels is None:
        return {}
    return {TAGS: 1.0} if labels == TAGS else {MASKS: labels}


def drawn(labels: Any) -> list[str]:
    """Return the kinds of drawings among `Labels`."""
    return [kind for kind in amounts(labels) if kind not in (MASKS, TAGS)]
