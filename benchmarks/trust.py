"""How often the report's statistics are wrong, in simulated studies whose truth is known.

`python -m benchmarks trust [--studies=10000] [--looks] [--quick]` prints the tables of
docs/development/trust.md.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from benchmarks.simulated import (
    NOISES,
    Array,
    Noise,
    collapsing,
    simulate,
    skewed,
)
from benchmarks.simulated_tests import CHECKED, claim_ps, paired
from benchmarks.tables import Row, holds, percent, show
from benchmarks.trust_images import image_coverage
from benchmarks.trust_looks import (
    false_looks,
    false_plans,
    real_arms,
    seeds_to_decision,
    stopped_coverage,
)
from benchmarks.trust_orders import false_sameness, order_claims
from frugalseg.settings.study import Claim, ContrastParams
from frugalseg.statistics.effect import cohen_d_z_interval
from frugalseg.statistics.interval import bootstrap_intervals, t_interval
from frugalseg.statistics.paired import sign_flip, wilcoxon
from frugalseg.statistics.power import power_of

ALPHA = 0.05
SEEDS = (5, 10, 20)
FEWER = 2_000
MARGIN = 0.05
SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)


def cells() -> Iterator[tuple[str, Noise, int]]:
    """Yield every kind of noise with every number of seeds."""
    for (name, noise), seeds in product(NOISES.items(), SEEDS):
        yield name, noise, seeds


def shares_below(differences: Array) -> dict[str, str]:
    """Return how often each test of "no difference" falls below alpha."""
    rng = np.random.default_rng(1)
    studies = len(differences)
    claimed = claim_ps(differences, ContrastParams(a="a", b="b")) <= ALPHA
    ranked = sum(wilcoxon(study) <= ALPHA for study in differences)
    flipped = sum(sign_flip(study, rng, resamples=999) <= ALPHA for study in differences)
    return {
        "t (used)": percent(int(claimed.sum()), studies),
        "Wilcoxon": percent(ranked, studies),
        "sign flips": percent(flipped, studies),
    }


def false_claims(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often each test calls equal arms different."""
    return [
        {"scores": name, "seeds": seeds}
        | shares_below(paired(simulate(noise, studies, seeds, rng)))
        for name, noise, seeds in cells()
    ]


def unlike_shapes(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return false claims where arms share the mean but not the shape, a limit of all tests."""
    rows: list[Row] = []
    for seeds in SEEDS:
        tailed, steady = skewed(rng, (studies, seeds)), 0.005 * rng.normal(size=(studies, seeds))
        differences = np.round(tailed - (0.75 + steady), 12)
        row: Row = {"seeds": seeds}
        rows.append(row | shares_below(differences))
    return rows


def later_seeds(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return false claims when one tests at 5, 10 and 20 seeds, and stops at a claim."""
    rows: list[Row] = []
    for name, noise in NOISES.items():
        differences = paired(simulate(noise, studies, SEEDS[-1], rng))
        looks = [claim_ps(differences[:, :n], ContrastParams(a="a", b="b")) <= ALPHA for n in SEEDS]
        rows.append(
            {
                "scores": name,
                "20 seeds, one look": percent(int(looks[-1].sum()), studies),
                "5, then 10, then 20": percent(int(np.any(looks, axis=0).sum()), studies),
            }
        )
    return rows


def boundary_claims(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often a claim with a margin is made when the truth is exactly the margin."""
    kinds: tuple[Claim, ...] = ("not_worse", "equivalent")
    rows: list[Row] = []
    for name, noise, seeds in cells():
        differences = paired(simulate(noise, studies, seeds, rng), shift=-MARGIN)
        row: Row = {"scores": name, "seeds": seeds}
        for kind in kinds:
            p = claim_ps(differences, ContrastParams(a="a", b="b", claim=kind, margin=MARGIN))
            row[kind] = percent(int((p <= ALPHA).sum()), studies)
        rows.append(row)
    return rows


def covered_by_t(differences: Array) -> int:
    """Return in how many studies the t-interval contains 0; a sample is checked against ours."""
    p = claim_ps(differences, ContrastParams(a="a", b="b"))
    ours = [holds(t_interval(study), 0.0) for study in differences[:CHECKED]]
    np.testing.assert_array_equal(p[:CHECKED] > ALPHA, ours)
    return int((p > ALPHA).sum())


def coverage(studies: int, resampled: int, rng: np.random.Generator) -> list[Row]:
    """Return how often each interval holds the true mean difference.

    The t-interval contains what its test does not reject, which is fast to compute. The bootstrap
    is slow and gets only `resampled` studies.
    """
    rows: list[Row] = []
    for name, noise, seeds in cells():
        differences = paired(simulate(noise, studies, seeds, rng))
        hits = dict.fromkeys(("percentile", "BCa"), 0)
        for study in differences[:resampled]:
            intervals = bootstrap_intervals(study, rng, resamples=999)
            for kind, interval in zip(hits, intervals, strict=True):
                hits[kind] += holds(interval, 0.0)
        row: Row = {"scores": name, "seeds": seeds}
        row["t (used)"] = percent(covered_by_t(differences), studies)
        rows.append(row | {kind: percent(count, resampled) for kind, count in hits.items()})
    return rows


def collapses(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return the coverage of the t-interval as more runs find nothing."""
    rows: list[Row] = []
    for share in SHARES:
        row: Row = {"runs that find nothing, %": f"{100 * share:.0f}"}
        for seeds in SEEDS:
            differences = paired(simulate(collapsing(share), studies, seeds, rng))
            row[f"{seeds} seeds"] = percent(covered_by_t(differences), studies)
        rows.append(row)
    return rows


def power(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return the simulated power beside the closed form, and the coverage of the d_z interval."""
    rows: list[Row] = []
    for effect, seeds in product((0.5, 1.0, 1.5), SEEDS):
        differences = effect + rng.normal(size=(studies, seeds))
        shown = int((claim_ps(differences, ContrastParams(a="a", b="b")) <= ALPHA).sum())
        covered = sum(holds(cohen_d_z_interval(study), effect) for study in differences)
        rows.append(
            {
                "d_z": effect,
                "seeds": seeds,
                "power, simulated": percent(shown, studies),
                "power, closed form": f"{100 * power_of(effect, seeds):.1f}",
                "d_z interval covers": percent(covered, studies),
            }
        )
    return rows


def show_looks(studies: int, streams: Sequence[np.random.Generator]) -> None:
    """Print the tables of group-sequential studies."""
    show("Looks: false claims of one contrast, %", false_looks(studies, streams[0]))
    show("Looks: any false claim over five contrasts, %", false_plans(studies, streams[1]))
    show(
        "Looks: coverage at the look where a study stops, %", stopped_coverage(studies, streams[2])
    )
    show(
        "Looks: how studies end, %, and after how many seeds",
        seeds_to_decision(studies, streams[3]),
    )
    show("Looks: a real A/A", real_arms())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks trust", description=__doc__)
    parser.add_argument("--studies", type=int, default=10_000, help="simulated studies a cell")
    parser.add_argument("--looks", action="store_true", help="only the group-sequential tables")
    parser.add_argument("--quick", action="store_true", help="100 studies a cell, to try the code")
    options = parser.parse_args(arguments)
    studies = 100 if options.quick else options.studies
    fewer = min(studies, FEWER)
    streams = np.random.default_rng(20_261).spawn(15)
    show_looks(studies, streams[11:])
    if options.looks:
        return
    show("False claims per test, %", false_claims(studies, streams[1]))
    show("Any false claim over five contrasts, %", order_claims(studies, streams[2]))
    show("Any false sameness over five margins, %", false_sameness(studies, streams[10]))
    show("False claims on the margin, %", boundary_claims(studies, streams[3]))
    show("False claims where shapes differ, %", unlike_shapes(studies, streams[4]))
    show("Power, %", power(studies, streams[6]))
    show("Coverage of 95 % intervals, %", coverage(10 * studies, fewer, streams[5]))
    show("Coverage where runs find nothing, %", collapses(10 * studies, streams[9]))
    show("False claims when seeds are added after a look, %", later_seeds(studies, streams[7]))
    covered = image_coverage(fewer, fewer // 5, streams[8])
    show("Coverage for new images, %", covered)


if __name__ == "__main__":
    main()
