"""Strategies: how a model learns from what was bought."""

STRATEGIES = {
    "supervised": "frugalseg.strategies.supervised:Supervised",
    "weak": "frugalseg.strategies.weak:Weak",
}
