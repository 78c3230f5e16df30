import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check, lookup, module_of

TABLE = {"path": "pathlib:Path", "mean": "statistics:mean"}


def test_lookup_imports_what_the_name_stands_for() -> None:
    assert lookup(TABLE, "mean", "function")([1, 2, 6]) == 3


def test_module_of_names_the_module() -> None:
    assert module_of(TABLE, "path", "thing") == "pathlib"


def test_an_unknown_name_lists_the_nearest_and_all() -> None:
    with pytest.raises(FrugalsegError) as error:
        check(TABLE, "maen", "function")
    assert str(error.value) == "Unknown function 'maen'. Did you mean 'mean'? Known: mean, path."
