"""Labels that are drawn train a model, and those that were not bought have no influence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.data.kinds import KINDS
from frugalseg.data.ledger import MASKS, read_ledger
from frugalseg.stages import label, split, train

LABELS: dict[str, dict[str, float]] = {
    **{kind: {kind: 6} for kind in KINDS},
    "mixture": {"images": 2, **dict.fromkeys(KINDS, 2), "tags": 0.7},
}


@pytest.mark.parametrize("name", LABELS)
def test_labels_that_were_not_bought_cannot_change_one_bit(
    name: str, prepared: Path, job: train.Run
) -> None:
    folder, labels = prepared.parent, LABELS[name]
    split.run(prepared, folder / "split.csv", seed=0, test=0.2, validation=0.0)
    how = {"arm": "a", "seed": 0, "round_": 0, "acquire": None, "query": None}
    tags = {"tags": {"share": labels["tags"]}} if "tags" in labels else {}
    ledger = folder / "labels.csv"
    label.run(prepared, folder / "split.csv", None, ledger, labels=labels, **how, **tags)  # type: ignore[arg-type]
    changes = {"validation": "none", "steps": 4}
    job = job.with_training(job.training.model_copy(update=changes))

    def trained(name: str) -> bytes:
        (folder / name).mkdir()
        resume = folder / "resume"
        train.run(job, prepared, ledger, None, folder / name, resume=resume, threads=1)
        return (folder / name / "model.safetensors").read_bytes()

    before = trained("clean")
    table = read_ledger(ledger)
    rows = pd.read_csv(prepared / "index.csv").set_index("image_id")["row"]
    masks = np.load(prepared / "masks.npy")
    drawn = rows.loc[table.loc[table["unit"].isin(KINDS), "image_id"]].to_numpy()
    bought = rows.loc[table.loc[table["unit"].isin([*MASKS, *KINDS]), "image_id"]]
    free = np.setdiff1d(np.arange(len(masks)), bought)
    assert len(free) >= 10
    poisoned = masks.copy()
    poisoned[free] = np.random.default_rng(0).integers(0, 256, poisoned[free].shape)
    np.save(prepared / "masks.npy", poisoned)
    assert trained("poisoned") == before  # tags are in the ledger: their masks count as not bought
    poisoned[drawn] = poisoned[drawn][:, ::-1]
    np.save(prepared / "masks.npy", poisoned)
    assert trained("other") != before
