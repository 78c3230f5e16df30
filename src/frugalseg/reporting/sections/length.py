"""What the page says of the length of trainings: how it was chosen, and where it was too short."""

from collections.abc import Iterator, Mapping
from typing import Any

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.settings.training import MOST_IMAGES, STEP_PIXELS
from frugalseg.statistics.convergence import judge_lengths


def length_warnings(study: Study) -> Iterator[str]:
    """Yield a sentence for each training section that was too short for some of its arms."""
    if "loss" not in study.histories:
        return
    keys = study.params.get("steps_keys", {})
    table = judge_lengths(study.histories[study.histories["arm"].isin(keys)])
    short = table[table["improving"]].copy()
    short["key"] = [keys[arm] for arm in short["arm"]]
    for key, rows in ((str(key), rows) for key, rows in short.groupby("key", sort=False)):
        arms = list(dict.fromkeys(rows["arm"].astype(str)))
        steps = int(rows["steps"].max())
        verb = "was" if len(arms) == 1 else "were"
        yield (
            f"{wording.listed(arms)} {verb} still improving after {steps:,} steps; training longer "
            f"may change what labels seem to be worth. Set {key} in params.yaml to {2 * steps} and "
            "run again."
        )
    for name, length in chosen_lengths(study).items():
        if length["limit_reached"]:
            yield (
                f"{length['arm']} was still improving at {length['steps']:,} steps, the most "
                f"that training.{name} may take. Raise training.{name}.steps.most in params.yaml."
            )


def length_sentences(study: Study) -> Iterator[str]:
    """Yield how lengths and batches were chosen, where they were."""
    for name, length in chosen_lengths(study).items():
        tried = [
            f"{wording.score(point['score'])} at {point['steps']:,}" for point in length["curve"]
        ]
        falling = [f"{point['steps']:,}" for point in length["curve"] if point.get("falls_late")]
        loss = f" Its loss still fell after {wording.listed(falling)} steps." if falling else ""
        yield (
            f"Length of the training {name}, chosen on validation: {length['steps']:,} steps, for "
            f"every arm and seed. The validation scores of {length['arm']} under seed "
            f"{length['seed']}: {wording.listed(tried)}.{loss}"
        )
    batches = {
        int(run["batch"]) for run in study.runs if run.get("training", {}).get("batch") == "auto"
    }
    for batch in sorted(batches):
        yield (
            f"A batch has {wording.plural(batch, 'image')}: as many as come near {STEP_PIXELS:,} "
            f"pixels a step, but 2 to {MOST_IMAGES}."
        )


def chosen_lengths(study: Study) -> dict[str, Mapping[str, Any]]:
    """Return the lengths that stage `length` chose, by the name of the training."""
    lengths = [run["length"] for run in study.runs if run.get("length")]
    return {str(length["training"]): length for length in lengths}
