"""What the masks of the test images cost, which no arm learns from."""

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study


def reference_cost(study: Study) -> str:
    """Return what all test masks cost, once a data set; "" where that is not known."""
    seconds = float(study.option("mask_seconds", 0.0))
    if study.parts.empty or not seconds:
        return ""
    of_seed = study.parts[study.parts["seed"] == study.parts["seed"].min()]
    images = int((of_seed["part"] == "test").sum())
    if not images:
        return ""
    masks = wording.plural(images, "test mask")
    cost = wording.duration(images * seconds)
    return f"Not counted, and paid once for all arms: {masks} ({cost})."
