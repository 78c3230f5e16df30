"""Every reader of the registry is made from its name and its options, and from no others."""

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
    with pytest.raises(FrugalsegError, match=rf"{name} takes no option blok\. Known: .*classes"):
        build_reader(name, blok=3)


def test_options_are_as_given() -> None:
    reader = build_reader("folder", classes=["pit", "crack"], max_pixels=None, palette="color")
    assert reader.classes == ("pit", "crack")
    assert reader == build_reader("folder", classes=("pit", "crack"), palette="color")


def test_unknown_reader_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="Did you mean 'glas'"):
        build_reader("glass")
