"""What a suggestion leaves on disk: a ranked table, pictures to look at, tasks for Label Studio."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.files import replacing, write_csv
from frugalseg.suggest.choose import Suggestion
from frugalseg.suggest.label_studio import drawing_config, labeling_config

TABLE, TASKS, CONFIG, OVERLAYS = "suggestions.csv", "tasks.json", "labeling_config.xml", "overlays"
COLUMNS = ("rank", "image", "y", "x", "height", "width", "score", "undecided", "defects", "reason")


def suggestion_table(suggestions: Sequence[Suggestion]) -> pd.DataFrame:
    """Return one row a suggestion, best first.

    Columns: `rank` from 1; `image`; the box `y`, `x`, `height`, `width` (pixels); `score` of the
    acquisition; `undecided`, share of pixels; `defects`, predicted components; `reason`.
    """
    rows = [
        (s.rank, s.name, *s.box, s.score, s.undecided, s.defects, s.reason) for s in suggestions
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def clear_overlays(out: Path) -> None:
    """Delete the pictures of an earlier suggestion, whose ranks no longer hold."""
    for path in (out / OVERLAYS).glob("[0-9][0-9][0-9]*-*.png"):
        path.unlink()


def write_overlay(out: Path, rank: int, name: str, pixels: NDArray[np.uint8]) -> None:
    """Write the overlay of one image under its rank and its name with `/` as `-`.

    Args:
        out: folder of the suggestion.
        rank: of the first suggestion in the image. name: of the image.
        pixels: uint8, H x W x 3.
    """
    stem = Path(name.replace("/", "-")).stem
    with replacing(out / OVERLAYS / f"{rank:03}-{stem}.png") as partial:
        Image.fromarray(pixels).save(partial, "PNG")


def write_lists(
    out: Path,
    table: pd.DataFrame,
    tasks: Sequence[dict[str, Any]],
    classes: Sequence[str],
    kind: str | None = None,
) -> None:
    """Write the table, the tasks and the configuration of a project for them.

    Args:
        kind: of drawing; None for masks. Tasks for drawings show no prediction, which is a mask.
    """
    config = drawing_config(classes, kind) if kind else labeling_config(classes)
    tasks = [one | {"predictions": []} for one in tasks] if kind else tasks
    with replacing(out / TASKS) as partial:
        partial.write_text(json.dumps(list(tasks)) + "\n", encoding="utf-8")
    with replacing(out / CONFIG) as partial:
        partial.write_text(config, encoding="utf-8")
    write_csv(out / TABLE, table)
