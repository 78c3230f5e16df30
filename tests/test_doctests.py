"""The four contracts that one extends have an example, and every example is right."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
CONTRACTS = {
    "frugalseg.acquisition.base": "Acquisition",
    "frugalseg.ingest.readers.reader": "Reader",
    "frugalseg.metrics.metric": "Metric",
    "frugalseg.training.strategy": "Strategy",
}
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(SRC).with_suffix("").parts)
    for path in SRC.rglob("*.py")
    if ">>> " in path.read_text()
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_in_docstrings_are_right(module: str) -> None:
    result = doctest.testmod(import_module(module))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(("module", "name"), CONTRACTS.items())
def test_every_contract_has_an_example(module: str, name: str) -> None:
    assert ">>> " in (getattr(import_module(module), name).__doc__ or "")
