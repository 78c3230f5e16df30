import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from frugalseg.errors import FrugalsegError
from frugalseg.params import load, parse

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load((ROOT / "params.yaml").read_text())
Change = Callable[[dict[str, Any]], object]


def test_the_committed_params_are_valid() -> None:
    params = load(ROOT / "params.yaml")
    assert params.run == ["builtin"]
    assert params.seed_list == [0, 1, 2, 3, 4]
    assert params.datasets["builtin"].reader == "builtin"


FAULTS: list[tuple[Change, list[str]]] = [
    (lambda d: d.update(foo=1), ["unknown key 'foo'", "Known keys: arms, contrasts"]),
    (
        lambda d: d["training"]["base"].update(stps=1),
        ["training.base: unknown key 'stps'", "Did you mean 'steps'?"],
    ),
    (lambda d: d["training"]["base"].update(lr="fast"), ["training.base.lr", "'fast'"]),
    (lambda d: d["training"]["base"].update(lr=-1), ["training.base.lr", "greater than 0", "-1"]),
    (
        lambda d: d["training"]["base"].update(loss=["dice", "focl"]),
        ["training.base.loss", "Unknown loss 'focl'", "'focal'"],
    ),
    (
        lambda d: d["arms"]["builtin"]["random"].update(start="nobody"),
        ["arms.builtin.random.start: unknown arm 'nobody'", "Known: full, initial, random"],
    ),
    (
        lambda d: d["arms"]["builtin"].update(initial={"start": "random"}),
        ["arms.builtin.initial.start: a cycle: initial -> random -> initial"],
    ),
    (
        lambda d: d["arms"]["builtin"]["random"].update(query=0.5),
        ["arms.builtin.random", "110%", "at most 100 %"],
    ),
    (lambda d: d["arms"]["builtin"]["full"].update(labels=1.5), ["labels", "at most 1", "1.5"]),
    (
        lambda d: d["arms"]["builtin"]["random"].update(acquire="entropie"),
        ["arms.builtin.random.acquire", "Unknown acquisition 'entropie'", "random"],
    ),
    (
        lambda d: d["arms"]["builtin"]["full"].update(strategy="magic"),
        ["arms.builtin.full.strategy", "Unknown strategy 'magic'", "supervised"],
    ),
    (
        lambda d: d["arms"]["builtin"]["full"].update(model="large"),
        ["arms.builtin.full.model: unknown 'large'", "small"],
    ),
    (
        lambda d: d["arms"]["builtin"]["full"].update(training={"like": "base", "lr": 0}),
        ["arms.builtin.full.training.lr"],
    ),
    (lambda d: d["arms"]["builtin"]["random"].pop("query"), ["belong together"]),
    (
        lambda d: d["models"]["small"].update(encoder="efficientnet-b44"),
        ["models.small.encoder", "efficientnet-b4", "'efficientnet-b44'"],
    ),
    (lambda d: d["models"]["small"].update(arch="unet3"), ["models.small.arch", "'unet'"]),
    (lambda d: d["models"]["small"].update(weights="magic"), ["models.small.weights", "bundled"]),
    (
        lambda d: d["contrasts"]["builtin"][0].update(metric="dise"),
        ["contrasts.builtin.0.metric", "Unknown metric 'dise'", "'dice'"],
    ),
    (
        lambda d: d["contrasts"]["builtin"][0].update(a="ful"),
        ["contrasts.builtin.0.a: unknown arm 'ful'", "Known: full, initial, random"],
    ),
    (
        lambda d: d["contrasts"]["builtin"][0].update(claim="not_worse"),
        ["contrasts.builtin.0", "needs a margin"],
    ),
    (lambda d: d.update(run=["nothing"]), ["run: data set 'nothing'", "Known: builtin"]),
    (
        lambda d: d["datasets"]["builtin"].update(reader="kolektor"),
        ["datasets.builtin.reader", "Unknown data set 'kolektor'"],
    ),
    (
        lambda d: d["datasets"]["builtin"].update(image_size=[100, 96]),
        ["datasets.builtin.image_size", "multiples of 32", "[100, 96]"],
    ),
    (lambda d: d.update(seeds=[1, 1]), ["seeds: expected distinct"]),
    (lambda d: d.update(seeds=0), ["seeds"]),
    (lambda d: d["arms"].update({"a/b": {}}), ["arms", "a/b"]),
]


@pytest.mark.parametrize(("change", "expected"), FAULTS)
def test_a_fault_names_its_key_what_was_found_and_what_is_known(
    change: Change, expected: list[str]
) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(FrugalsegError) as error:
        parse(document)
    for text in expected:
        assert text in str(error.value)


def test_all_faults_are_listed_at_once() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["training"]["base"]["lr"] = -1
    document["costs"]["mask_seconds"] = "long"
    with pytest.raises(FrugalsegError, match=r"has 2 fault\(s\)"):
        parse(document)


def test_a_file_that_is_no_yaml_names_itself(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("a: [1")
    with pytest.raises(FrugalsegError, match=r"p\.yaml cannot be read as YAML"):
        load(tmp_path / "p.yaml")


def test_a_list_is_no_params_file() -> None:
    with pytest.raises(FrugalsegError, match="expected a mapping of sections, found list"):
        parse([1])
