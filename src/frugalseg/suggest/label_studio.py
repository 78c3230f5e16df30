"""Tasks for Label Studio with the model's prediction drawn in, and the project's configuration.

Format: "Import pre-annotated data into Label Studio" of its guide, tags Image, BrushLabels,
RectangleLabels and KeyPointLabels.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.boxes import Box
from frugalseg.suggest.brush import encode_mask

LOCAL_FILES = "/data/local-files/?d="
"""Where Label Studio serves the files below its document root."""
REGION = "label this part"
MASK_TAG, REGION_TAG, IMAGE_TAG = "mask", "region", "image"


BACKGROUND = "background"
"""Label of a stroke or point on the background."""
DRAWING_TAGS = {
    "scribbles": "BrushLabels",
    "points": "KeyPointLabels",
    "boxes": "RectangleLabels",
}
"""The tag with which each kind of label is drawn that is no mask."""


def drawing_config(classes: Sequence[str], kind: str) -> str:
    """Return the labeling interface of a project for a kind of `DRAWING_TAGS`, as XML."""
    names = classes if kind == "boxes" else [*classes, BACKGROUND]
    return _view(_control(DRAWING_TAGS[kind], MASK_TAG, names))


def labeling_config(classes: Sequence[str]) -> str:
    """Return the labeling interface of a project for masks, as XML."""
    region = _control("RectangleLabels", REGION_TAG, [REGION], ' canRotate="false"')
    return _view(_control("BrushLabels", MASK_TAG, classes), region)


def _control(tag: str, name: str, labels: Sequence[str], attributes: str = "") -> str:
    """Return the XML of one way to draw on the image, with its labels."""
    lines = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in labels)
    return f'  <{tag} name="{name}" toName="{IMAGE_TAG}"{attributes}>\n{lines}  </{tag}>\n'


def _view(*controls: str) -> str:
    image = f'  <Image name="{IMAGE_TAG}" value="$image" zoom="true" zoomControl="true"/>\n'
    return f"<View>\n{image}{''.join(controls)}</View>\n"


def task(
    name: str,
    preds: NDArray[np.uint8],
    classes: Sequence[str],
    *,
    score: float,
    version: str,
    boxes: Sequence[Box] = (),
    prefix: str = LOCAL_FILES,
) -> dict[str, Any]:
    """Return the task of one image.

    Args:
        name: path of the image below the folder that Label Studio serves, with `/`.
        preds: predicted classes, uint8, H x W.
        score: to sort the tasks by. version: of the model.
        boxes: regions to label; the rest of the image need not be.
        prefix: what comes before the name in the address of the image.
    """
    size = preds.shape[0], preds.shape[1]
    results = []
    for number, label in enumerate(classes, 1):
        if (preds == number).any():
            mask = {"format": "rle", "rle": encode_mask(preds == number)}
            results.append(_result(f"class-{number}", "brushlabels", label, size, mask))
    for number, (y, x, height, width) in enumerate(boxes, 1):
        place = {"x": 100 * x / size[1], "y": 100 * y / size[0]}
        extent = {"width": 100 * width / size[1], "height": 100 * height / size[0], "rotation": 0}
        value = place | extent
        results.append(_result(f"region-{number}", "rectanglelabels", REGION, size, value))
    return {
        "data": {"image": prefix + quote(name), "name": name},
        "predictions": [{"model_version": version, "score": score, "result": results}],
    }


def _result(
    key: str, kind: str, label: str, size: tuple[int, int], value: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": key,
        "from_name": MASK_TAG if kind == "brushlabels" else REGION_TAG,
        "to_name": IMAGE_TAG,
        "type": kind,
        "original_height": size[0],
        "original_width": size[1],
        "image_rotation": 0,
        "value": value | {kind: [label]},
    }
