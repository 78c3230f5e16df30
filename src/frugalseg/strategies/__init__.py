"""Strategies: how a model learns from what was bought."""

STRATEGIES = {
    "fixmatch": "frugalseg.strategies.fixmatch:FixMatch",
    "frozen": "frugalseg.strategies.frozen:Frozen",
    "mean_teacher": "frugalseg.strategies.mean_teacher:MeanTeacher",
    "supervised": "frugalseg.strategies.supervised:Supervised",
    "weak": "frugalseg.strategies.weak:Weak",
}
