from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from purchases import bought, buy, trained_on

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.costs import price
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.data.ledger import read_ledger
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model

REGION = {"region": {"size": 8, "stride": 4, "overlap": False}}
REGION_PRICES = {"mask_seconds": 60, "region_seconds": 3, "region_seconds_per_kilopixel": 2}
REGION_COSTS = {"region_seconds": 0, "region_seconds_per_kilopixel": 2}


def test_validation_masks_are_charged(prepared: Path) -> None:
    table = pd.read_csv(buy(prepared, "l.csv", labels=0.2))
    parts = pd.read_csv(prepared.parent / "split.csv")
    validation = set(parts.loc[parts["part"] == "val", "image_id"])
    assert set(table.loc[table["part"] == "val", "image_id"]) == validation
    assert table["pixels"].eq(1024).all()


def features(by: str, **fields: object) -> dict[str, object]:
    network = {"arch": "unet", "encoder": "tu-tf_efficientnet_lite0", "weights": "bundled"}
    model = network | {"decoder_channels": (16, 16, 8, 8, 8), "seed": 0}
    return {"by": by, "features": "image", "model": model, "normalize": "imagenet"} | fields


EVERY_START = [
    {"by": "random"},
    {"by": "tags"},
    *(features(by) for by in ("typical", "coverage", "kcenter")),
    features("typical", features="patch"),
]


@pytest.mark.parametrize("start", EVERY_START, ids=lambda start: start["by"])
def test_first_labels_are_nested_and_shared_by_arms(
    prepared: Path, start: dict[str, object]
) -> None:
    def chosen(labels: float, arm: str = "a") -> list[str]:
        rows = read_ledger(buy(prepared, "l.csv", labels=labels, start=start, arm=arm))
        return rows.loc[(rows["part"] == "train") & (rows["unit"] == "image"), "image_id"].tolist()

    everything = chosen(13)
    assert len(set(everything)) == 13
    assert chosen(3) == everything[:3]
    assert chosen(0.5, arm="b") == everything[:7]


def test_a_random_start_reads_no_tag_and_another_seed_draws_otherwise(prepared: Path) -> None:
    first = trained_on(buy(prepared, "0.csv", labels=4))
    assert first != trained_on(buy(prepared, "1.csv", labels=4, seed=1))
    index = pd.read_csv(prepared / "index.csv", keep_default_na=False)
    index.assign(image_label="").to_csv(prepared / "index.csv", index=False)
    assert trained_on(buy(prepared, "2.csv", labels=4)) == first


def test_a_start_by_tags_pays_for_the_tag_of_every_image_once(prepared: Path) -> None:
    tags = {"share": 0.5, "grids": [[1, 1]]}
    settings: dict[str, Any] = {"labels": 4, "start": {"by": "tags"}, "tags": tags}
    first = buy(prepared, "0.csv", **settings)
    table = read_ledger(first)
    pool = trained_on(buy(prepared, "all.csv", labels=1.0))
    bought_tags = table[(table["unit"] == "tag") & (table["part"] == "train")]
    assert sorted(bought_tags["image_id"]) == sorted(pool)
    answers = bought_tags.set_index("image_id")["tag"]
    masks = table.loc[(table["unit"] == "image") & (table["part"] == "train"), "image_id"]
    assert answers.loc[masks].value_counts().to_dict() == {"0": 2, "1": 2}
    costs: dict[str, Any] = REGION_PRICES | {"region_seconds": 0}
    validation = 60 * (table["part"].eq("val") & table["unit"].eq("image")).sum()
    validation += (table["part"].eq("val") & table["unit"].eq("tag")).sum()
    spent = price(table, **costs, tag_seconds=1)["seconds"].item()
    assert spent == 4 * 60 + len(pool) + validation
    later = buy(prepared, "1.csv", first, **(settings | {"labels": None}), round_=1)
    assert len(read_ledger(later)) == len(table)


def test_tags_that_tell_nothing_are_refused(prepared: Path) -> None:
    masks = np.load(prepared / "masks.npy")
    masks[:, 0, 0] = 1
    np.save(prepared / "masks.npy", masks)
    index = pd.read_csv(prepared / "index.csv", keep_default_na=False)
    index.assign(image_label="").to_csv(prepared / "index.csv", index=False)
    message = r"arms\.prepared\.a\.start\.by: 'tags' .* all 14 images .* have the tag '1'"
    with pytest.raises(FrugalsegError, match=message):
        buy(prepared, "0.csv", labels=4, start={"by": "tags"})


def test_tags_are_bought_of_the_images_that_masks_are_bought_of(prepared: Path) -> None:
    settings: dict[str, Any] = {"labels": 3, "tags": {"share": 0.5, "grids": [[1, 1]]}}
    table = read_ledger(buy(prepared, "0.csv", **settings)).query("part == 'train'")
    names = {unit: rows["image_id"].tolist() for unit, rows in table.groupby("unit")}
    assert names["tag"][:3] == names["image"]
    assert len(names["tag"]) == 7
    with pytest.raises(FrugalsegError, match=r"'tags\.share' asks for 15 images, .* pool has 14"):
        buy(prepared, "1.csv", labels="tags", tags={"share": 15})


def test_a_round_adds_to_its_parent_and_another_arm_draws_otherwise(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    chosen = {}
    for arm in "ab":
        query = {"arm": arm, "round_": 1, "acquire": "random", "query": 0.4}
        chosen[arm] = trained_on(buy(prepared, f"{arm}.csv", first, **query))
        assert chosen[arm][: len(trained_on(first))] == trained_on(first)
        assert len(chosen[arm]) == len(set(chosen[arm])) == len(trained_on(first)) + 6
    assert chosen["a"] != chosen["b"]


def test_an_arm_without_acquisition_takes_its_start_as_it_is(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    assert buy(prepared, "1.csv", first).read_bytes() == first.read_bytes()


def test_the_last_round_takes_what_is_left_and_then_there_is_nothing(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.9)
    query = {"acquire": "random", "query": 0.5, "round_": 1}
    everything = buy(prepared, "1.csv", first, **query)
    assert len(trained_on(everything)) == 14
    with pytest.raises(FrugalsegError, match="nothing left to buy: all 14 images"):
        buy(prepared, "2.csv", everything, **(query | {"round_": 2}))


@pytest.fixture
def model(prepared: Path) -> Path:
    """Return the file of an untrained model."""
    network = {
        "arch": "unet",
        "encoder": "tu-tf_efficientnet_lite0",
        "weights": "none",
        "decoder_channels": (16, 16, 8, 8, 8),
    }
    card = {"model": network, "classes": ["square"], "channels": 3, "normalize": "unit"}
    file = prepared.parent / "model.safetensors"
    save_model(file, build_model(**network, classes=1, channels=3, seed=0), card)  # type: ignore[arg-type]
    return file


def test_what_was_chosen_among_what_is_written_beside_the_ledger(
    prepared: Path, model: Path
) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    empty = pd.read_csv(prepared.parent / "acquired.csv")
    assert empty.empty
    assert len(np.load(prepared.parent / "acquired.npz")["maps"]) == 0

    ledger = buy(prepared, "1.csv", first, acquire="entropy", query=3, round_=1, model=model)
    table = pd.read_csv(prepared.parent / "acquired.csv")
    purchases = table[table["rank"] > 0]
    assert purchases["image_id"].tolist() == bought(ledger)["image_id"].tolist()
    assert purchases["rank"].tolist() == [1, 2, 3]
    offered = table[table["rank"] == 0].set_index("image_id")["score"]
    assert len(offered) == 14 - len(trained_on(first))
    assert offered.nlargest(3).index.tolist() == purchases["image_id"].tolist()
    kept = np.load(prepared.parent / "acquired.npz", allow_pickle=False)
    assert kept["image_ids"].tolist() == purchases["image_id"].tolist()
    assert kept["maps"].shape == (3, 32, 32)
    means = kept["maps"].mean(axis=(1, 2)) * kept["peak"] / 255
    assert np.allclose(means, purchases["score"], atol=2e-3)


@pytest.mark.parametrize("acquire", ["coreset", "badge", "margin", "variation_ratio"])
def test_every_view_of_a_model_gives_a_choice(prepared: Path, model: Path, acquire: str) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    query = {"acquire": acquire, "query": 0.3, "round_": 1, "model": model}
    ledger = buy(prepared, "1.csv", first, **query)
    assert len(bought(ledger)) == 4
    again = buy(prepared, "2.csv", first, **query)
    assert again.read_bytes() == ledger.read_bytes()


@pytest.mark.parametrize("acquire", ["random", "foreground_random", "entropy"])
def test_every_arm_by_region_spends_the_same(prepared: Path, model: Path, acquire: str) -> None:
    ledger = buy(prepared, "0.csv", labels=0.15)
    for round_ in (1, 2):
        query = {"acquire": acquire, "query": 0.05, "round_": round_, "options": REGION}
        ledger = buy(prepared, f"{round_}.csv", ledger, model=model, **query)
        rows = bought(ledger, round_)
        assert set(rows["unit"]) == {"region"}
        assert rows["pixels"].eq(64).all()
        assert len(rows) == 11  # 5 % of 14 images of 1024 pixels are 11.2 windows
    costs: dict[str, Any] = dict(REGION_PRICES)
    spent = price(read_ledger(ledger), **costs, tag_seconds=1)
    assert np.allclose(spent["seconds"].diff()[1:], 11 * (3 + 64 * 2 / 1000))
    assert spent["train_pixels"].diff()[1:].tolist() == [704, 704]


@pytest.mark.parametrize(
    ("query", "options", "labels"),
    [
        ({"images": 3}, {}, 3),
        ({"pixels": 4096}, {}, 4),
        ({"seconds": 120}, {"costs": {"mask_seconds": 60}}, 2),
        ({"regions": 5}, REGION, 5),
        ({"pixels": 500}, REGION, 8),
        ({"seconds": 1}, REGION | {"costs": REGION_COSTS}, 8),
        ({"seconds": 9}, REGION | {"costs": REGION_COSTS | {"region_seconds": 1}}, 8),
    ],
)
def test_queries_by_labels_pixels_and_seconds(
    prepared: Path, query: dict[str, float], options: dict[str, object], labels: int
) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    ledger = buy(prepared, "1.csv", first, acquire="random", query=query, options=options, round_=1)
    assert len(bought(ledger)) == labels


def test_when_no_free_window_is_left_it_says_so(prepared: Path) -> None:
    ledger = buy(prepared, "0.csv", labels=0.15)
    query = {"acquire": "random", "query": 1.0, "options": REGION}
    ledger = buy(prepared, "1.csv", ledger, round_=1, **query)
    with pytest.raises(FrugalsegError, match="nothing left.*no free window of 8 pixels"):
        buy(prepared, "2.csv", ledger, round_=2, **query)


def test_an_oracle_draws_foreground(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    query = {"acquire": "foreground_random", "query": 60, "options": REGION, "round_": 1}
    rows = bought(buy(prepared, "1.csv", first, **query))
    index = pd.read_csv(prepared / "index.csv").set_index("image_id")
    masks = np.load(prepared / "masks.npy")
    boxes = rows[["y", "x", "height", "width"]].to_numpy(np.int64).tolist()
    held = [
        bool(masks[index["row"][name], y : y + height, x : x + width].any())
        for name, (y, x, height, width) in zip(rows["image_id"], boxes, strict=True)
    ]
    drawn = bought(buy(prepared, "2.csv", first, **(query | {"acquire": "random"})))
    assert len(rows) == len(drawn) == 60
    assert sum(held) > 20  # of all windows about a sixth hold foreground


@pytest.mark.parametrize("acquire", ACQUISITIONS)
def test_an_acquisition_that_sees_nothing_before_payment_is_no_oracle(acquire: str) -> None:
    acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
    assert acquisition.oracle == (acquisition.needs == "masks")


def test_a_query_of_log_ends_with_the_whole_pool(prepared: Path) -> None:
    ledger = buy(prepared, "0.csv", labels=1)
    sizes = [len(trained_on(ledger))]
    for number in (1, 2, 3):
        query = {"acquire": "random", "query": "log", "round_": number, "rounds": 3}
        ledger = buy(prepared, f"{number}.csv", ledger, **query)
        sizes.append(len(trained_on(ledger)))
    assert len(trained_on(buy(prepared, "all.csv", labels=1.0))) == 14
    assert sizes == [1, 2, 5, 14]  # 14^(1/3) = 2.4, 2 * 7^(1/2) = 5.3
