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
