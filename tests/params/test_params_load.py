import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load, parse, read_config

ROOT = Path(__file__).parents[2]
DOCUMENT = read_config(ROOT / "params.yaml").values
Change = Callable[[dict[str, Any]], object]


def test_the_committed_params_are_valid() -> None:
    params = load(ROOT / "params.yaml")
    assert params.run == ["builtin"]
    assert params.seed_list == list(range(10))
    assert params.datasets["builtin"].reader == "builtin"


FAULTS: list[tuple[Change, list[str]]] = [
    (lambda d: d.update(foo=1), ["unknown key 'foo'", "Valid keys: arms, contrasts"]),
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
        ["arms.builtin.random.start: Unknown arm 'nobody'", "Known: bald_region, continued"],
    ),
    (
        lambda d: d["arms"]["builtin"].update(initial={"start": "random"}),
        ["arms.builtin.initial.start: arms start from each other: initial -> random -> initial"],
    ),
    (
        lambda d: d["arms"]["builtin_particles"]["random"].update(query=0.5),
        ["arms.builtin_particles.random", "112%", "at most 100 %"],
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
        ["arms.builtin.full.model: Unknown model 'large'", "small"],
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
        ["contrasts.builtin.0.a: Unknown arm 'ful'. Did you mean 'full'?", "Known: bald_region"],
    ),
    (
        lambda d: d["contrasts"]["builtin"][0].update(claim="not_worse", margin=0),
        ["contrasts.builtin.0", "needs a 'margin'"],
    ),
    (lambda d: d.update(run=["nothing"]), ["run: Unknown data set 'nothing'", "Known: aluminum"]),
    (
        lambda d: d["datasets"]["builtin"].update(reader="kolektor"),
        ["datasets.builtin.reader", "Unknown data set 'kolektor'"],
    ),
    (
        lambda d: d["datasets"]["builtin"].update(image_size=[100, 96]),
        ["datasets.builtin.image_size", "multiples of 32", "[100, 96]"],
    ),
    (lambda d: d.update(seeds=[1, 1]), ["seeds: expected a list of distinct integers"]),
    (lambda d: d.update(seeds=0), ["seeds: expected a number greater than 0; found 0"]),
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
    with pytest.raises(FrugalsegError, match="has 2 problems:"):
        parse(document)


def test_a_fault_of_a_file_names_its_line(tmp_path: Path) -> None:
    text = (ROOT / "params.yaml").read_text()
    line = text[: text.index("    arch: unet\n")].count("\n") + 1
    path = tmp_path / "params.yaml"
    path.write_text(text.replace("    arch: unet\n", "    arch: unet3\n", 1))
    with pytest.raises(FrugalsegError, match=rf"models\.small\.arch \({path}, line {line}\): Unk"):
        load(path)


def test_a_fault_between_sections_names_its_line_and_its_file(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "seeds: 1\narms:\n  builtin:\n    full:\n      model: big\n"
    )
    with pytest.raises(FrugalsegError, match=r"builtin\.full\.model \(.*more\.yaml, line 5\): Unk"):
        load(ROOT / "params.yaml", tmp_path / "more.yaml")


def test_later_files_and_overrides_are_laid_over_the_first(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("seeds: 2\nmodels: {small: {seed: 7}}\n")
    file, more = ROOT / "params.yaml", tmp_path / "more.yaml"
    assert load(file, more).seeds == 2
    assert load(file, more).models["small"].seed == 7
    assert load(file, more).models["small"].encoder == load(file).models["small"].encoder
    assert load(file, more, overrides={"seeds": 3}).seeds == 3


def test_a_fault_of_an_override_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=r"run \(--config\): Unknown data set 'nothing'"):
        load(ROOT / "params.yaml", overrides={"run": ["nothing"]})
    (tmp_path / "more.yaml").write_text("models: {big: {arch: unett, encoder: resnet18}}\n")
    seed = {"models": {"small": {"seed": 1}}}
    with pytest.raises(FrugalsegError, match=r"big\.arch \(.*more\.yaml, line 1\): Unknown"):
        load(ROOT / "params.yaml", tmp_path / "more.yaml", overrides=seed)


def test_numbers_are_finite(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("training: {base: {lr: .inf}}\n")
    with pytest.raises(FrugalsegError, match=r"training\.base\.lr \(.*finite number"):
        load(ROOT / "params.yaml", tmp_path / "more.yaml")


def test_a_list_is_no_params_file() -> None:
    with pytest.raises(FrugalsegError, match="expected a mapping of sections, found list"):
        parse([1])
