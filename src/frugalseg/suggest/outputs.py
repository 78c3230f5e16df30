"""What a suggestion leaves on disk: a ranked table, pictures to look at, tasks for Label Studio."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.files import replacing, write_csv
from frugalseg.suggest.choose import Suggestion
from frugalseg.suggest.label_studio import labeling_config

TABLE, TASKS, CONFIG, OVERLAYS = "suggestions.csv", "tasks.json", "labeling_config.xml", "overlays"
COLUMNS = ("rank", "image", "y", "x", "height", "width", "score", "undecided", "defects", "reason")


@dataclass(frozen=True)
class Picture:
    """The overlay of one image; `rank` is that of the first suggestion in it."""

    rank: int
    name: str
    pixels: NDArray[np.uint8]


def suggestion_table(suggestions: Sequence[Suggestion]) -> pd.DataFrame:
    """Return one row a suggestion, best first.

    Columns: `rank` from 1; `image`; the box `y`, `x`, `height`, `width` (pixels); `score` of the
    acquisition; `undecided`, share of pixels; `defects`, predicted components; `reason`.
    """
    rows = [(s.rank, s.name, *s.box, s.score, s.undecided, s.defects, s.reason)
            for s in suggestions]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def overlay_path(out: Path, picture: Picture) -> Path:
    """Return where a picture goes: its rank, then its name with `/` as `-`."""
    name = picture.name.replace("/", "-")
    return out / OVERLAYS / f"{picture.rank:03}-{Path(name).stem}.png"


def clear_overlays(out: Path) -> None:
    """Take away the pictures of an earlier suggestion, whose ranks mean nothing any more."""
    for path in (out / OVERLAYS).glob("[0-9][0-9][0-9]*-*.png"):
        path.unlink()


def write_overlay(out: Path, picture: Picture) -> None:
    """Write one overlay."""
    with replacing(overlay_path(out, picture)) as partial:
        Image.fromarray(picture.pixels).save(partial, "PNG")


def write_lists(
    out: Path, table: pd.DataFrame, tasks: Sequence[dict[str, Any]], classes: Sequence[str]
) -> None:
    """Write the table, the tasks and the configuration of a project for them."""
    with replacing(out / TASKS) as partial:
        partial.write_text(json.dumps(list(tasks)) + "\n", encoding="utf-8")
    with replacing(out / CONFIG) as partial:
        partial.write_text(labeling_config(classes), encoding="utf-8")
    write_csv(out / TABLE, table)
