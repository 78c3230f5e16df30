"""Every reader of the registry is made from its name and its options, and from no others."""

from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.readers.build import build_reader


@pytest.mark.parametrize("name", DATASETS)
def test_reader_has_its_facts(name: str) -> None:
    reader = build_reader(name)
    assert reader.name == name
    assert reader.classes
    for fact in (reader.license, reader.citation, reader.homepage):
        assert isinstance(fact, str)
    of_the_user = name in ("builtin", "folder")
    assert (reader.archive_url is None) == of_the_user, "say where its archive is public"


@pytest.mark.parametrize("name", DATASETS)
def test_unknown_option_is_refused(name: str) -> None:
    message = rf"data set {name}: blok: Unknown option 'blok'\..* Known: .*classes"
    with pytest.raises(FrugalsegError, match=message):
        build_reader(name, blok=3)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("crack_segmentation", {"group_by": "sources"}, "group_by: expected 'photo' or 'source'"),
        ("folder", {"palette": "colour"}, "palette: expected 'index', 'gray' or 'color'"),
        ("folder", {"percentiles": [1]}, "percentiles.1: required, but missing"),
        ("folder", {"value_range": 4095}, "value_range: expected a list; found 4095"),
        ("microct", {"block": 0}, "block: expected a number greater than 0; found 0"),
        ("microct", {"images": ["a"]}, r"images: expected a string; found \['a'\]"),
    ],
)
def test_a_value_of_another_kind_is_refused(
    name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(FrugalsegError, match=message):
        build_reader(name, **options)


def test_options_are_as_given() -> None:
    reader = build_reader("folder", classes=["pit", "crack"], max_pixels=None, palette="color")
    assert reader.classes == ("pit", "crack")
    assert reader == build_reader("folder", classes=("pit", "crack"), palette="color")
    # what is taken is the value that was checked: a text that says no is not true
    assert build_reader("microct", reference_split="no").reference_split is False  # type: ignore[attr-defined]


def test_unknown_reader_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="Did you mean 'glas'"):
        build_reader("glass")
