"""Numbers that others have published, to stand beside those of our own arms."""

from typing import Literal

from frugalseg.settings.section import Name, Section


class PublishedParams(Section):
    """One published number, and the arms that stand beside it.

    Attributes:
        arm: runs the recipe as published; its mean of `metric` at `threshold` after its last
            round stands beside `value`.
        name: what the source calls its number, where that is not our `metric`.
        corrected: runs it with the faults removed, scored by `corrected_metric` (by default
            `metric`) at the threshold that validation chose.
        note: what keeps the numbers from being the same thing.
    """

    metric: str
    value: float
    source: str
    arm: Name
    name: str = ""
    threshold: Literal["half", "validation", "patch", "patch_half"] = "half"
    corrected: Name | None = None
    corrected_metric: str | None = None
    note: str = ""
