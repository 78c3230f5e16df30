"""What a change runs again: exactly what reads it, shown by a dry run of the real workflow."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from workflow_project import Project

ALL = ["reports/all"]
PAGES = ["report", "index", *ALL]
TAIL = ["score", "test", "plot", "jobs", *PAGES]


def runs(arm: str, *rounds: int, rules: tuple[str, ...] = ("train",), seeds: int = 2) -> list[str]:
    jobs = [f"{rule} {arm}/{s}/{r}" for rule in rules for s in range(seeds) for r in rounds]
    return jobs + [f"evaluate {arm}/{seed}" for seed in range(seeds)]


def test_a_finished_study_has_nothing_to_do(project: Project) -> None:
    assert project.planned() == Counter()


PARAMS: list[tuple[str, Callable[[dict[str, Any]], object], list[str]]] = [
    ("a report parameter", lambda d: d["report"].update(samples=3), ["plot", "jobs", *PAGES]),
    (
        "a statistics parameter",
        lambda d: d["statistics"].update(resamples=300),
        ["test", "plot", "jobs", *PAGES],
    ),
    (
        "the error rate, which is registered with the scores",
        lambda d: d["statistics"].update(alpha=0.01),
        ["score", "test", "plot", "jobs", *PAGES],
    ),
    (
        "a planned contrast",
        lambda d: d["contrasts"]["builtin"].append({"a": "full", "b": "random"}),
        TAIL,
    ),
    ("a price", lambda d: d["costs"].update(mask_seconds=90), TAIL),
    (
        "an arm's own learning rate",
        lambda d: d["arms"]["builtin"]["full"].update(training={"like": "base", "lr": 1e-3}),
        [*runs("full", 0), *TAIL],
    ),
    (
        "the learning rate of an arm that another inherits from",
        lambda d: d["arms"]["builtin"]["initial"].update(training={"like": "base", "lr": 1e-3}),
        [*runs("initial", 0), *runs("random", 1), *TAIL],
    ),
    (
        "one more seed",
        lambda d: d.update(seeds=3),
        [
            "split 2",
            *(f"{rule} {arm}/2/{r}" for arm, r in (("full", 0), ("initial", 0), ("random", 1))
              for rule in ("label", "train")),
            *(f"evaluate {arm}/2" for arm in ("full", "initial", "random")),
            *TAIL,
        ],
    ),
    (
        "one more round",
        lambda d: d["arms"]["builtin"]["random"].update(rounds=2),
        [*runs("random", 2, rules=("label", "train")), *TAIL],
    ),
    (
        "one more arm",
        lambda d: d["arms"]["builtin"].update(
            half={"labels": 0.5, "model": "small", "training": "base"}
        ),
        [*runs("half", 0, rules=("label", "train")), *TAIL],
    ),
    (
        "a data set that is not run",
        lambda d: d["datasets"]["kolektorsdd2"].update(image_size=[64, 64]),
        [],
    ),
    (
        "a training that no arm uses",
        lambda d: d["training"]["crops"].update(lr=1.0),
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"), [p[1:] for p in PARAMS], ids=[p[0] for p in PARAMS]
)
def test_a_parameter_reruns_what_reads_it(
    project: Project, change: Callable[[dict[str, Any]], object], expected: list[str]
) -> None:
    with project.params(change):
        assert project.planned() == Counter(expected)


LIBRARY = "src/frugalseg/"
EVERY_RUN = [*runs("full", 0), *runs("initial", 0), *runs("random", 1)]
CODE: list[tuple[str, str, tuple[str, str], list[str]]] = [
    (
        "the training loop",
        "training/loop.py",
        ("progress.since_best += 1", "progress.since_best += 1 * 1"),
        [*EVERY_RUN, *TAIL],
    ),
    ("a comment", "training/loop.py", ("import torch\n", "import torch  # a comment\n"), []),
    (
        "a docstring",
        "training/loop.py",
        ("Take one optimizer step.", "Take an optimizer step."),
        [],
    ),
    (
        "a metric",
        "metrics/overlap.py",
        ("return defined_mean(_dice_per", "return 1 * defined_mean(_dice_per"),
        TAIL,
    ),
    (
        "a page",
        "reporting/page/page.py",
        ("import hashlib\n", "import hashlib\n\nEXTRA = 1\n"),
        PAGES,
    ),
]


@pytest.mark.parametrize(
    ("file", "edit", "expected"), [case[1:] for case in CODE], ids=[case[0] for case in CODE]
)
def test_an_edit_of_the_library_reruns_what_uses_it(
    project: Project, file: str, edit: tuple[str, str], expected: list[str]
) -> None:
    with project.changed(LIBRARY + file, lambda text: text.replace(*edit, 1)):
        found = project.planned()
    assert found == Counter(expected)


def test_a_deleted_second_page_is_made_again(project: Project) -> None:
    page = project.folder / "reports/builtin/details.html"
    aside = page.rename(page.with_suffix(".aside"))  # keeps its time
    planned = project.planned()
    aside.rename(page)
    assert "report" in planned
    assert project.planned() == Counter()
