"""Strategies: how a model learns from what was bought."""

STRATEGIES = {
    "fixmatch": "frugalseg.strategies.fixmatch:FixMatch",
    "mean_teacher": "frugalseg.strategies.mean_teacher:MeanTeacher",
    "supervised": "frugalseg.strategies.supervised:Supervised",
    "weak": "frugalseg.strategies.weak:Weak",
}
