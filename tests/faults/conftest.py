"""A study of seconds that every rule has a job in, run once for all faults."""

from typing import Any

import pytest
from study_fixtures import finished, tracked
from workflow_project import Project, tiny

__all__ = ["tracked"]  # made anew here, of the project below

ARMS = ("initial", "weak", "pseudo")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose study has been run to the report."""
    return finished(tmp_path_factory.mktemp("faults"), weakly)


def weakly(document: dict[str, Any]) -> dict[str, Any]:
    """Return a study with tags, pseudo-masks from them, and a chosen length."""
    small = tiny(document)
    chosen = {"steps": {"start": 1, "most": 2, "gain": 0.9}, "validate_every": "auto"}
    small["training"]["base"] |= chosen
    arms = small["arms"]["builtin"]
    arms["weak"] = document["arms"]["builtin"]["weak"] | {"model": "small"}
    arms["weak"]["training"] = {"like": "base", "loss": ["bce"]}
    drawn = {"start": "weak", "strategy": "supervised", "warm": False, "pseudo": {"scales": [1.5]}}
    arms["pseudo"] = drawn
    small["arms"]["builtin"] = {name: arms[name] for name in ARMS}
    small["datasets"]["builtin"]["origin"] = "^([a-z]+)-"
    small["contrasts"]["builtin"] = [{"a": "pseudo", "b": "weak", "metric": "dice"}]
    return small
