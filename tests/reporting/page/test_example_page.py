"""What `scripts/refresh_example.py` makes of a page, and what it refuses."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("refresh_example", ROOT / "scripts/refresh_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_out_of_the_example_become_words(script: ModuleType) -> None:
    kept = '<a href="#x">A</a> <a class="b" href="details.html#y">B</a> <a href="data:,">C</a>'
    assert script.without_links_out(kept) == kept
    out = 'D <a href="../index.html">all</a>, <a href="figures/a.png">PNG</a>'
    assert script.without_links_out(out) == "D all, PNG"


def test_a_study_that_has_not_been_run_is_refused(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(
        script.FrugalsegError, match=r"index.html does not exist. Run `make reports`"
    ):
        script.refresh(tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())
