"""Tags alone: no mask reaches training, however it is done."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.stack import open_stack
from frugalseg.data.tags import RevealedTags, buy_tags
from frugalseg.models.file import read_card
from frugalseg.settings.tags import PseudoParams, WeakParams
from frugalseg.stages import label, pseudo, split, train
from frugalseg.training.batches import strata

NAMES = {"arm": "weak", "seed": 0, "round_": 0, "acquire": None, "query": None}
TILES = {"share": 1.0, "grids": [(1, 1), (4, 4)], "validation": None}
DRAWN = {"scales": [1.0], "flips": False, "guided": None, "threshold": "otsu", "band": [0.8, 1.2]}


def tag(prepared: Path, **changes: object) -> Path:
    out = prepared.parent / "tags.csv"
    split.run(prepared, prepared.parent / "split.csv", seed=0, test=0.2, validation=0.2)
    given = {"labels": "tags", "tags": TILES | changes}
    label.run(prepared, prepared.parent / "split.csv", None, out, **NAMES, **given)  # type: ignore[arg-type]
    return out


def learn(job: train.Run, prepared: Path, ledger: Path, name: str, **more: Path) -> Path:
    out = prepared.parent / name
    out.mkdir()
    resume = prepared.parent / "resume"
    train.run(job, prepared, ledger, None, out, resume=resume, threads=1, **more)
    return out / "model.safetensors"


def draw(prepared: Path, ledger: Path, model: Path, name: str) -> Path:
    out = prepared.parent / name / "pseudo.npy"
    pseudo.run(prepared, ledger, model, out, PseudoParams.model_validate(DRAWN), threads=1)
    return out


@pytest.fixture
def weak_job(job: train.Run) -> train.Run:
    return job.model_copy(update={"arm": "weak", "strategy": "weak", "weak": WeakParams()})


def test_with_every_mask_unreadable_tags_and_pseudo_masks_teach_the_same(
    job: train.Run, weak_job: train.Run, prepared: Path
) -> None:
    ledger = tag(prepared)
    assert set(pd.read_csv(ledger)["unit"]) == {"tag"}
    found = []
    for name in ("clean", "unreadable"):
        weak = learn(weak_job, prepared, ledger, name)
        drawn = draw(prepared, ledger, weak, f"{name}-drawn")
        own = learn(job, prepared, ledger, f"{name}-pseudo", pseudo=drawn)
        found.append([path.read_bytes() for path in (weak, drawn, own)])
        (prepared / "masks.npy").write_bytes(b"no masks here")
    assert found[0] == found[1]
    card = read_card(prepared.parent / "clean" / "model.safetensors")
    assert 0 < card["threshold"] < 1
    assert read_json(prepared.parent / "clean" / "run.json")["validation_dice"] is None
    record = read_json(prepared.parent / "clean-pseudo" / "run.json")
    assert "pseudo" in record["inputs"]


def test_tags_that_were_bought_have_influence(weak_job: train.Run, prepared: Path) -> None:
    ledger = tag(prepared)
    before = learn(weak_job, prepared, ledger, "one").read_bytes()
    table = pd.read_csv(ledger)
    table["tag"] = 1 - table["tag"]
    table.to_csv(ledger, index=False)
    assert learn(weak_job, prepared, ledger, "two").read_bytes() != before


def test_masks_are_learned_from_besides_where_some_were_bought(
    weak_job: train.Run, prepared: Path
) -> None:
    ledger = tag(prepared)
    mixed = prepared.parent / "mixed.csv"
    names = NAMES | {"acquire": "random", "query": 4, "round_": 1, "arm": "mixed"}
    label.run(prepared, prepared.parent / "split.csv", ledger, mixed, labels=None, **names)  # type: ignore[arg-type]
    assert (pd.read_csv(mixed)["unit"] == "image").sum() == 4
    learn(weak_job, prepared, mixed, "mixed")
    history = pd.read_csv(prepared.parent / "mixed" / "history.csv")
    assert {"loss_tags", "loss_dice"} <= set(history.columns)


def test_tags_of_one_kind_are_a_clear_error(weak_job: train.Run, prepared: Path) -> None:
    index = pd.read_csv(prepared / "index.csv", dtype={"image_label": str})
    index["image_label"] = "1"
    index.to_csv(prepared / "index.csv", index=False)
    ledger = tag(prepared, grids=[(1, 1)])
    with pytest.raises(FrugalsegError, match="every class present in all of them"):
        learn(weak_job, prepared, ledger, "one-kind")


def test_pseudo_masks_need_tags(trained: object, prepared: Path, ledger: Path) -> None:
    with pytest.raises(FrugalsegError, match="holds no tags"):
        draw(prepared, ledger, prepared / "model.safetensors", "drawn")


def test_strata_are_sources_or_tags(prepared: Path) -> None:
    stack = open_stack(prepared)
    ledger = buy_tags(
        empty_ledger(), stack.index, ["i00", "i01"], [(1, 1)], lambda row, box: (1,) * (row == 0),
        round_=0, part="train",
    )  # fmt: skip
    tags, rows = RevealedTags(stack.index, ledger, 1), np.array([0, 1])
    assert strata(stack.index, rows, tags, "none", None) is None
    by_source = strata(stack.index, rows, tags, "source", r"i(\d)")
    by_tag = strata(stack.index, rows, tags, "tag", None)
    assert by_source is not None
    assert by_source.tolist() == ["0", "0"]
    assert by_tag is not None
    assert by_tag.tolist() == ["0", ""]
