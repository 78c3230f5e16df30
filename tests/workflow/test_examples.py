"""The files in `examples/`: the modules run in a workflow, the notebook on a table of scores."""

import importlib.util
import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from PIL import Image
from semi_cases import batch
from workflow_project import Project, tiny

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import read_config

EXAMPLES = Path(__file__).parents[2] / "examples"
TARGET = "results/pets/evaluate/entropy/seed-0/counts.parquet"


def archive(folder: Path, images: int = 12, border: int = 3) -> Path:
    """Write a data set in the layout of Oxford-IIIT Pet, of bright squares on dark ground."""
    trimaps = folder / "annotations" / "trimaps"
    trimaps.mkdir(parents=True)
    (folder / "images").mkdir()
    rng = np.random.default_rng(0)
    for number in range(images):
        trimap = np.full((32, 32), 2, np.uint8)
        y, x = 2 + 4 * (number // 4), 2 + 4 * (number % 4)  # no two are duplicates
        trimap[y : y + 14, x : x + 14] = border
        trimap[y + 2 : y + 12, x + 2 : x + 12] = 1
        photo = np.where(trimap[..., None] == 1, 200, 60) + rng.integers(0, 20, (32, 32, 3))
        Image.fromarray(photo.astype(np.uint8)).save(folder / "images" / f"pug_{number}.jpg")
        Image.fromarray(trimap).save(trimaps / f"pug_{number}.png")
    (folder / "annotations" / "test.txt").write_text("pug_0 1 2 1\npug_1 1 2 1\n")
    return folder


def with_pets(document: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a study of one semi-supervised arm on the pets."""
    small = tiny(document)
    small |= {"run": ["pets"], "seeds": 1}
    small["datasets"]["pets"] = {
        "reader": "oxford_pets", "source": "file:pets", "image_size": [32, 32],
        "split": {"validation": 0.15},
    }  # fmt: skip
    small["arms"]["pets"] = {
        "entropy": {
            "labels": 4,
            "model": "small",
            "training": "base",
            "strategy": "entropy_minimization",
            "options": {"weight": 0.2},
            "unlabeled": {"batch": 2},
        }
    }
    return small


def register(study: Project, example: str, registry: str, line: str) -> None:
    """Add an example to the library as CONTRIBUTING says: one module, one line."""
    home = study.folder / "src" / "frugalseg" / registry
    shutil.copy(EXAMPLES / example, home)
    table = home / "__init__.py"
    before, after = table.read_text().rsplit("}", 1)
    table.write_text(f"{before}    {line},\n}}{after}")


def test_a_strategy_and_a_reader_run_in_the_workflow(tmp_path: Path) -> None:
    study = Project(tmp_path, own_imports=True)
    study.copy_code()
    archive(tmp_path / "pets")
    register(
        study,
        "entropy_minimization.py",
        "strategies",
        '"entropy_minimization": "frugalseg.strategies.entropy_minimization:EntropyMinimization"',
    )
    register(
        study,
        "oxford_pets.py",
        "ingest/readers",
        '"oxford_pets": "frugalseg.ingest.readers.oxford_pets:OxfordPets"',
    )
    params = tmp_path / "params.yaml"
    params.write_text(yaml.safe_dump(with_pets(read_config(params).values), sort_keys=False))
    done = study.snakemake(TARGET)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = pd.read_parquet(tmp_path / TARGET).groupby("image_id").first()
    assert counts.index.tolist() == ["pug_0", "pug_1"]
    assert (counts["tp"] + counts["fn"]).tolist() == [100, 100]
    assert counts[["tp", "fp", "fn", "tn"]].sum(axis=1).tolist() == [1024 - 96, 1024 - 96]
    losses = pd.read_csv(tmp_path / "results/pets/train/entropy/seed-0/round-0/history.csv")
    assert (losses["loss_entropy"].dropna() > 0).all()


def load(name: str) -> Any:
    """Import an example by its file."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_entropy_of_even_odds_is_log_two() -> None:
    model = torch.nn.Conv2d(3, 1, 1)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    strategy = load("entropy_minimization").EntropyMinimization(model, {}, weight=2.0)
    terms = strategy.losses(batch(), 0)
    assert terms["entropy"].item() == pytest.approx(2 * math.log(2))


def test_a_value_that_is_no_trimap_is_refused(tmp_path: Path) -> None:
    reader = load("oxford_pets").OxfordPets()
    items = reader.items(archive(tmp_path, border=7))
    with pytest.raises(FrugalsegError, match=r"pug_0\.png: expected the values 1 .* also \[7\]"):
        reader.load_mask(items[0])


def test_a_missing_trimap_and_a_missing_list_are_named(tmp_path: Path) -> None:
    archive(tmp_path)
    reader = load("oxford_pets").OxfordPets()
    (tmp_path / "annotations" / "test.txt").unlink()
    with pytest.raises(FrugalsegError, match=r"test\.txt: expected the list of test images"):
        reader.items(tmp_path)
    (tmp_path / "annotations" / "trimaps" / "pug_3.png").unlink()
    with pytest.raises(FrugalsegError, match=r"pug_3\.jpg"):
        reader.items(tmp_path)


def scores() -> pd.DataFrame:
    """Return `scores.csv` of three arms; `entropy` ends .01 below `full` on average."""
    dice = {("full", 0): 0.8, ("initial", 0): 0.6, ("entropy", 0): 0.6, ("entropy", 1): 0.78}
    share = {("full", 0): 1.0, ("initial", 0): 0.1, ("entropy", 0): 0.1, ("entropy", 1): 0.2}
    rows = [
        {
            "arm": arm, "seed": seed, "round": round_, "images": 4, "pixels": 100, "seconds": 60,
            "fraction": share[arm, round_], "threshold": "validation", "class": "all",
            "metric": "dice", "value": value + 0.01 * seed * (1 + round_), "all_background": 0.0,
        }
        for (arm, round_), value in dice.items()
        for seed in range(3)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_notebook_runs_on_a_table_of_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "results" / "builtin"
    results.mkdir(parents=True)
    scores().to_csv(results / "scores.csv", index=False)
    (tmp_path / "examples").mkdir()
    monkeypatch.chdir(tmp_path / "examples")
    monkeypatch.setenv("MPLBACKEND", "agg")
    cells = json.loads((EXAMPLES / "scores.ipynb").read_text())["cells"]
    assert not any(cell.get("outputs") for cell in cells)
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert names["summary"].loc["entropy", "dice"] == pytest.approx(0.80)
    difference = names["compare"]("entropy", "full")
    assert difference["difference"] == pytest.approx(-0.01)  # -.02, -.01, 0: s = .01
    assert difference["low"] == pytest.approx(-0.01 - 4.302653 * 0.01 / 3**0.5)
    assert names["reached"]["fraction"].to_dict() == pytest.approx({"entropy": 0.2, "full": 1.0})
