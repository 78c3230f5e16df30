"""Plans of a few arms, on the shipped parameters."""

import copy
from typing import Any

from workflow_project import ROOT

from frugalseg.params import Plan, parse, plan, read_config

DOCUMENT: dict[str, Any] = read_config(ROOT / "params.yaml").values
DROPOUT = {"p": 0.5, "where": "encoder"}
REGION = {"unit": "region", "region": {"size": 32, "stride": 16}}


def planned(**arms: object) -> Plan:
    document = copy.deepcopy(DOCUMENT)
    base = {"model": "small", "training": "base"}
    document["arms"]["builtin"] = {
        name: ({} if "start" in arm else base) | arm  # type: ignore[operator]
        for name, arm in arms.items()
    }
    document["contrasts"]["builtin"] = []
    return plan(parse(document), "builtin")


def buying(**fields: object) -> Plan:
    return planned(
        initial={"labels": 0.1},
        active={"start": "initial", "query": 0.1, "rounds": 2} | fields,
    )
