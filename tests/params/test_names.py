import copy
from typing import Any

import pytest
from workflow_project import ROOT

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import parse, read_config

DOCUMENT: dict[str, Any] = read_config(ROOT / "params.yaml").values


@pytest.mark.parametrize(
    ("section", "name"),
    [
        (("datasets",), "Yours"),
        (("models",), "SMALL"),
        (("training",), "Base"),
        (("arms",), "Builtin"),
        (("arms", "builtin"), "Full"),
    ],
)
def test_names_that_differ_in_case_only_are_refused(section: tuple[str, ...], name: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    entries = document
    for key in section:
        entries = entries[key]
    entries[name] = entries[name.lower()]
    if section == ("datasets",):
        entries[name] = entries[name] | {"reader": "folder"}
    key = ".".join(section)
    with pytest.raises(FrugalsegError) as error:
        parse(document)
    assert f"{key}.{name}: differs from {key}.{name.lower()} in case only" in str(error.value)


@pytest.mark.parametrize(
    ("keys", "value", "message"),
    [
        (("datasets", "glas", "reader"), "glass", "Unknown data set 'glass'. Did you mean 'glas'?"),
        (
            ("datasets", "builtin", "options"),
            {"pairr": "^(a)"},
            "datasets.builtin.options.pairr: Unknown option 'pairr'. Did you mean 'pair'?",
        ),
        (
            ("datasets", "builtin", "options"),
            {"palette": "colour"},
            "datasets.builtin.options.palette: expected 'index', 'gray' or 'color'; found 'colour'",
        ),
        (("datasets", "yours", "mask"), {"method": "otzu"}, "Unknown mask method 'otzu'. Did you"),
        (
            ("datasets", "builtin_multiclass", "mask"),
            {"values": {"pitt": 1}},
            "Unknown class 'pitt'",
        ),
        (
            ("models", "small", "arch"),
            "unett",
            "Unknown architecture 'unett'. Did you mean",
        ),
        (("models", "small", "encoder"), "resnet1", "unknown encoder. Nearest known: resnet1"),
        (("training", "base", "optimizer"), "adan", "Unknown optimizer 'adan'"),
        (("training", "base", "loss"), ["dise"], "Unknown loss 'dise'"),
        (("arms", "builtin", "full", "strategy"), "magic", "Unknown strategy 'magic'"),
        (("arms", "builtin", "random", "acquire"), "randm", "Unknown acquisition 'randm'"),
        (("contrasts", "builtin", 0, "metric"), "dise", "Unknown metric 'dise'"),
        (("published", "cracks", 0, "corrected_metric"), "dise", "Unknown metric 'dise'"),
        (("report", "metric"), "dise", "Unknown metric 'dise'"),
    ],
)
def test_a_name_that_no_registry_has_is_a_fault_at_its_key(
    keys: tuple[str | int, ...], value: object, message: str
) -> None:
    document = copy.deepcopy(DOCUMENT)
    section = document
    for key in keys[:-1]:
        section = section[key]  # type: ignore[index]
    section[keys[-1]] = value  # type: ignore[index]
    with pytest.raises(FrugalsegError) as error:
        parse(document)
    assert f"  - {'.'.join(map(str, keys))}" in str(error.value)
    assert message in str(error.value)


def test_a_changed_setting_of_an_arm_is_looked_up_too() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["arms"]["builtin"]["full"]["training"] = {"like": "base", "optimizer": "adan"}
    with pytest.raises(FrugalsegError, match=r"full\.training\.optimizer: Unknown optimizer"):
        parse(document)


def test_the_options_of_every_data_set_that_ships_are_right() -> None:
    parse(DOCUMENT | {"run": list(DOCUMENT["arms"])})
