"""What stands behind the contrasts and beside them, part by part."""

from frugalseg.reporting.figures.ranking import ranking_part
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.part import Part
from frugalseg.reporting.sections.budgets import budget_part
from frugalseg.reporting.sections.plans import plan_part
from frugalseg.reporting.sections.sensitivity import sensitivity_part
from frugalseg.reporting.sections.standing import standing_part

PARTS = (standing_part, sensitivity_part, budget_part, ranking_part, plan_part)


def evidence(study: Study) -> tuple[Part, ...]:
    """Return the parts that this study has something to say in."""
    found = (part(study) for part in PARTS)
    return tuple(part for part in found if part is not None)
