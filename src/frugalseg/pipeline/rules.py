"""The rules of the workflow, and the coarse stages that DVC runs."""

import re
from functools import cache
from pathlib import Path

STAGES = ("data", "train", "evaluate", "statistics", "report", "index")

RULES = Path(__file__).parents[3] / "workflow" / "rules"


@cache
def stages_of_rules() -> dict[str, str]:
    """Return the stage of every rule, in the order of STAGES: the name of the rule's file."""
    texts = {stage: (RULES / f"{stage}.smk").read_text(encoding="utf-8") for stage in STAGES}
    return {
        rule: stage
        for stage, text in texts.items()
        for rule in re.findall(r"^rule (\w+):", text, re.MULTILINE)
    }
