"""What stands behind the contrasts and beside them, part by part."""

from frugalseg.reporting.budgets import budget_part
from frugalseg.reporting.part import Part
from frugalseg.reporting.plans import plan_part
from frugalseg.reporting.ranking import ranking_part
from frugalseg.reporting.sensitivity import sensitivity_part
from frugalseg.reporting.standing import standing_part
from frugalseg.reporting.study import Study

PARTS = (standing_part, sensitivity_part, budget_part, ranking_part, plan_part)


def evidence(study: Study) -> tuple[Part, ...]:
    """Return the parts that this study has something to say in."""
    found = (part(study) for part in PARTS)
    return tuple(part for part in found if part is not None)
