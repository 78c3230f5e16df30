from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.purchases import Purchases
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.bought import bought_section, favorites


def test_without_purchases_there_is_no_section(study: Study) -> None:
    assert bought_section(replace(study, purchases=Purchases())) is None


def test_one_arm_alone_overlaps_with_none(study: Study) -> None:
    table = study.purchases.table
    alone = replace(study, purchases=Purchases(table[table["arm"] == "random"]))
    section = bought_section(alone)
    assert section is not None
    assert [shown.name for shown in section.tables] == ["favorites"]
    assert "no map of uncertainty: random." in section.sentences[-1]


def test_oracles_are_called_oracles(study: Study) -> None:
    silent = bought_section(study)
    loud = bought_section(replace(study, params={**study.params, "oracles": ["entropy"]}))
    assert silent is not None
    assert loud is not None
    assert not any("oracle" in sentence for sentence in silent.sentences)
    assert loud.sentences[0].startswith("entropy is an oracle")
    assert [shown.name for shown in loud.tables] == ["overlap", "favorites"]


def test_favorites_are_bought_under_most_seeds_and_early() -> None:
    rows = [(0, 1, "p"), (0, 2, "q"), (1, 2, "q"), (1, 2, "q"), (1, 1, "r")]
    table = pd.DataFrame(rows, columns=["seed", "round", "image_id"]).assign(arm="a", pixels=8)
    found = favorites(table)
    assert found["image_id"].tolist() == ["q", "p", "r"]
    assert found["seeds"].tolist() == [2, 1, 1]
    assert found["of"].tolist() == [2, 2, 2]
    assert found["pixels"].tolist() == [12, 8, 8]
