import json
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from frugalseg.suggest.choose import Suggestion
from frugalseg.suggest.outputs import (
    clear_overlays,
    suggestion_table,
    write_lists,
    write_overlay,
)


def test_the_table_the_tasks_and_the_pictures(tmp_path: Path) -> None:
    one = Suggestion(1, "images/a.b.png", (0, 0, 4, 5), 0.5, 0.25, 2, "2 times; why, though")
    table = suggestion_table([one])
    write_lists(tmp_path / "new", table, [{"data": {}}], ["pit"])
    read = pd.read_csv(tmp_path / "new/suggestions.csv")
    assert read.to_dict("records") == [
        {"rank": 1, "image": "images/a.b.png", "y": 0, "x": 0, "height": 4, "width": 5,
         "score": 0.5, "undecided": 0.25, "defects": 2, "reason": "2 times; why, though"}
    ]  # fmt: skip
    assert json.loads((tmp_path / "new/tasks.json").read_text()) == [{"data": {}}]
    assert '"pit"' in (tmp_path / "new/labeling_config.xml").read_text()
    pixels = np.full((4, 5, 3), 7, np.uint8)
    write_overlay(tmp_path / "new", 1, "images/a.b.png", pixels)
    picture = Image.open(tmp_path / "new/overlays/001-images-a.b.png")
    assert np.array_equal(np.asarray(picture), pixels)
    (tmp_path / "new/overlays/notes.png").touch()
    clear_overlays(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new/overlays").iterdir()] == ["notes.png"]


def test_tasks_for_drawings_show_no_prediction(tmp_path: Path) -> None:
    one = Suggestion(1, "a.png", (0, 0, 4, 5), 0.5, 0.25, 2, "why")
    tasks = [{"data": {"name": "a.png"}, "predictions": [{"result": []}]}]
    write_lists(tmp_path, suggestion_table([one]), tasks, ["pit"], "points")
    written = json.loads((tmp_path / "tasks.json").read_text())
    assert written == [{"data": {"name": "a.png"}, "predictions": []}]
    assert "KeyPointLabels" in (tmp_path / "labeling_config.xml").read_text()
