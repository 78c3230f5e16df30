"""How the mask files of a data set become classes."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from frugalseg.settings.section import Section

MASK_METHODS: Mapping[str, str | None] = {
    "nonzero": None,
    "threshold": "threshold",
    "otsu": None,
    "otsu_image": None,
    "equals": "value",
    "index": None,
    "values": "values",
    "files": "pattern",
    "colors": "colors",
}
"""Method -> the option that it takes."""


def _one_or_more(value: Any) -> Any:
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(type(number) is int for number in numbers):
        raise ValueError("expected a whole number, or a list of them such as [1, 2]")
    return value


class MaskParams(Section):
    """How a mask file becomes classes. An option alone stands for the method that takes it.

    Attributes:
        method: `nonzero`; `threshold`; `otsu`, one threshold for the data set; `otsu_image`, one
            for each image; `equals` (a value); `index` (the values are the classes); `values`;
            `colors`; `files` (several files an image). None: that of the reader.
        threshold: for `threshold`: gray level above which pixels are foreground, see `cut`.
        value: for `equals`.
        values: for `values`: a value, or several, by class name, `background` (default 0) or
            `ignore`.
        colors: for `colors`: RGB, 0..255, by class name, `background` (default black) or `ignore`.
        pattern: for `files`: where the masks of an image lie, see `frugalseg.ingest.mask.files`.
    """

    method: str | None = None
    threshold: float | None = None
    value: int | None = None
    values: dict[str, Annotated[int | list[int], BeforeValidator(_one_or_more)]] | None = None
    colors: dict[str, tuple[int, int, int]] | None = None
    pattern: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_method(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or given.get("method") is not None:
            return given
        named = [method for method, option in MASK_METHODS.items() if option in given]
        return {**given, "method": named[0]} if len(named) == 1 else given

    @model_validator(mode="after")
    def _has_the_option_of_its_method(self) -> "MaskParams":
        takes = MASK_METHODS.get(self.method or "")
        options = [o for o in MASK_METHODS.values() if o and getattr(self, o) is not None]
        if self.method is None and options:
            raise ValueError(f"{' and '.join(options)} are options of different methods: keep one")
        for option in options:
            if option != takes:
                raise ValueError(
                    f"the method {self.method!r} takes no {option!r}. Leave it out, or use the "
                    "method that takes it"
                )
        if takes and takes != "threshold" and takes not in options:
            raise ValueError(f"the method {self.method!r} needs the option {takes!r}. Add it")
        return self

    @property
    def cut(self) -> float | None:
        """The threshold of the method `threshold`, by default 127; None for the other methods."""
        return 127.0 if self.method == "threshold" and self.threshold is None else self.threshold
