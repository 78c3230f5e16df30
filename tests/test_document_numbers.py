"""Numbers in documents are those of `params.yaml` and of the results in git."""

import json
import re
import subprocess
from typing import Any

import pytest
import yaml
from document_facts import FACTS, PARAMS, value_of
from documents import DOCUMENTS, ROOT, read_blocks, read_table, sentences
from study_tables import NAMES, contrast_name

from frugalseg.ingest.synthetic.surfaces import SurfaceOptions
from frugalseg.params import Arm, parse, plan, read_config
from frugalseg.params.config_file import merged
from frugalseg.params.decisions import Decisions
from frugalseg.settings.section import QueryParams

BUILTIN = "docs/studies/builtin.md"
Metrics = dict[str, dict[str, dict[str, float]]]
ARMS = plan(PARAMS, "builtin").arms
SCENE = SurfaceOptions(**PARAMS.datasets["builtin"].scene)
COLUMNS = {
    "Dice (positives)": ("dice", "mean"),
    "sd over seeds": ("dice", "std"),
    "Dice pooled": ("dice_pooled", "mean"),
    "precision": ("precision", "mean"),
    "recall": ("recall", "mean"),
    "false alarms": ("image_fpr", "mean"),
    "ECE (15)": ("ece_15", "mean"),
}
"""What the columns of the built-in study's table hold of `metrics.json`."""

ALMOST = 1e-6
"""Share of a unit in the last place: `metrics.json` is rounded, too."""

EXAMPLES = [
    pytest.param(yaml.safe_load(block.text), id=f"{path.relative_to(ROOT)}:{block.line}")
    for path in DOCUMENTS
    for block in read_blocks(path.read_text())
    if block.language == "yaml"
]


def shipped(name: str) -> Any:
    """Return a JSON file of the results that git has, staged ones too.

    `make reports` writes this machine's over those in the folder.
    """
    command = ["git", "show", f":results/builtin/{name}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"not a git checkout: nothing says which results ship ({done.stderr.strip()})")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    content: Metrics = shipped("metrics.json")
    return content


@pytest.fixture(scope="module")
def decisions() -> Decisions:
    return Decisions.model_validate(shipped("decisions.json"))


def rounds_to(value: float, text: str) -> bool:
    """Say whether a text such as `.718` is a value, rounded to as many places."""
    unit = 10.0 ** -len(text.partition(".")[2])
    return abs(float(text) - value) <= unit * (0.5 + ALMOST)


def labeled_images(name: str) -> int:
    """Return how many images an arm of the study buys in the end; regions by their pixels."""
    arm: Arm = ARMS[name]
    if arm.tags is not None:
        return 0
    if arm.settings.labels == 1.0:
        return SCENE.images
    own, query = arm.settings.labels or 0, arm.settings.query or 0
    if isinstance(query, QueryParams):
        assert query.pixels
        query, rest = divmod(query.pixels, SCENE.size[0] * SCENE.size[1])
        assert rest == 0
    assert isinstance(own, int)
    assert isinstance(query, int)
    assert arm.settings.region is None or isinstance(arm.settings.query, QueryParams)
    bought = own + (query * len(arm.rounds) if arm.settings.acquire else 0)
    return bought + (labeled_images(arm.start) if arm.start else 0)


def label_minutes(name: str) -> float:
    """Return what the labels of an arm cost by `costs`."""
    costs, arm = PARAMS.costs, ARMS[name]
    if arm.tags is not None:
        assert arm.tags.grids == [(1, 1), (4, 4)]
        return SCENE.images * (1 + 16 * SCENE.positives) * costs.tag_seconds / 60
    if arm.settings.region is None:
        return labeled_images(name) * costs.mask_seconds / 60
    assert arm.start
    images = labeled_images(name) - labeled_images(arm.start)
    pixels = images * SCENE.size[0] * SCENE.size[1]
    regions = pixels / arm.settings.region.size**2
    seconds = regions * costs.region_seconds
    seconds += pixels / 1000 * costs.region_seconds_per_kilopixel
    return label_minutes(arm.start) + seconds / 60


def with_starts(arms: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Return the arms and, of the others, those that they start from."""
    starts = {start for entry in arms.values() if isinstance(start := entry.get("start"), str)}
    missing = starts - set(arms)
    return with_starts({n: others[n] for n in missing} | arms, others) if missing else arms


@pytest.mark.parametrize(
    ("name", "pattern", "values"),
    [(name, *fact) for name, facts in FACTS.items() for fact in facts],
)
def test_sentence_says_what_params_say(name: str, pattern: str, values: list[Any]) -> None:
    found = re.search(pattern, sentences(name))
    assert found, (
        f"{name} no longer has a sentence like {pattern!r}: tests/support/document_facts.py"
    )
    said = [value_of(text) for text in found.groups()]
    numbers = [pytest.approx(value) if isinstance(value, float) else value for value in values]
    assert said == numbers, f"{name}: {found[0]}"


def test_values_of_words_and_numbers() -> None:
    texts = ["7,680", ".2", "2e-3", "Five", "three quarters", "AdamW", "before its head"]
    assert [value_of(text) for text in texts] == [7680, 0.2, 0.002, 5, 0.75, "adamw", "head"]


def test_arms_of_the_built_in_study_have_the_scores_of_its_results(metrics: Metrics) -> None:
    rows = read_table(BUILTIN, "arm")
    assert [row["arm"].strip("`") for row in rows] == list(ARMS)
    wrong = [
        f"{row['arm']} {column}: {row[column]}, {metrics[row['arm'].strip('`')][metric][kind]}"
        for row in rows
        for column, (metric, kind) in COLUMNS.items()
        if not rounds_to(metrics[row["arm"].strip("`")][metric][kind], row[column])
    ]
    assert not wrong
    assert all(re.fullmatch(r"\.\d{3}", row[column]) for row in rows for column in COLUMNS)


def test_arms_of_the_built_in_study_cost_what_params_say() -> None:
    for row in read_table(BUILTIN, "arm"):
        name = row["arm"].strip("`")
        minutes = label_minutes(name)
        assert row["masks, or as many pixels"] == f"{labeled_images(name)}", name
        assert rounds_to(minutes, row["annotation, min"]), f"{name}: {minutes}"


def test_contrasts_of_the_built_in_study_are_those_planned_and_decided(
    decisions: Decisions,
) -> None:
    rows, planned = read_table(BUILTIN, "contrast"), PARAMS.contrasts["builtin"]
    assert [(row["contrast"], row["metric"]) for row in rows] == [
        (contrast_name(one.model_dump()).replace("`", ""), NAMES[one.metric]) for one in planned
    ]
    found = decisions.looks[-1].contrasts
    for row, one, contrast in zip(rows, found, planned, strict=True):
        assert (one.a, one.b, one.metric) == (contrast.a, contrast.b, contrast.metric)
        numbers = [row["difference"], *row["95 %, these images"].strip("[]").split(", ")]
        for said, value in zip(numbers, (one.difference, one.ci_low, one.ci_high), strict=True):
            assert value is not None
            assert rounds_to(value, said), row
        assert (row["verdict"], row["seeds"]) == (one.verdict, str(one.n))


def test_seeds_and_looks_of_the_built_in_study_are_those_decided(decisions: Decisions) -> None:
    text = sentences(BUILTIN)
    found = re.search(r"(\d+) arms, (\d+) to (\d+) seeds, (\d+) trainings", text)
    assert found
    counts = {arm: decisions.seeds[arm] for arm in ARMS}
    trained = sum(counts[name] * len(arm.rounds) for name, arm in ARMS.items())
    expected = [len(ARMS), min(counts.values()), max(counts.values()), trained]
    assert [int(number) for number in found.groups()] == expected
    assert PARAMS.looks
    taken = [look.seeds for look in decisions.looks]
    assert taken == PARAMS.looks.looks[: len(taken)]
    undecided = {"undecided", "cannot be decided with this many seeds"}
    verdicts = [one.verdict for one in decisions.looks[-1].contrasts]
    assert taken == PARAMS.looks.looks or undecided.isdisjoint(verdicts)
    told = re.search(r"(\w+) of (\w+) planned contrasts are decided", text)
    assert told
    decided = [verdict for verdict in verdicts if verdict not in undecided]
    assert [value_of(word) for word in told.groups()] == [len(decided), len(verdicts)]


def test_spread_over_seeds_is_that_of_the_results(metrics: Metrics) -> None:
    pattern = r"standard deviation of ([\d.]+) \(`results/builtin/metrics.json`\), .* of ([\d.]+) "
    found = re.search(pattern + "between two seeds", sentences("docs/development/reliability.md"))
    assert found
    spread = metrics["full"]["dice_pooled"]["std"]
    assert rounds_to(spread, found[1])
    assert rounds_to(spread * 2**0.5, found[2])


@pytest.mark.parametrize("dataset", ["cracks", "glas_small", "kolektorsdd2"])
def test_contrasts_of_other_studies_are_those_planned(dataset: str) -> None:
    name = f"docs/studies/{dataset.removesuffix('_small')}.md"
    text = sentences(name).replace("`", "")
    for one in PARAMS.contrasts[dataset]:
        sign = "-" if one.claim == "superior" else "not worse than"
        assert f"| {one.a} {sign} {one.b} " in text, f"{name}: no row for {one.a} {sign} {one.b}"


def test_arms_that_the_readme_explains_exist() -> None:
    cells = " ".join(row["arm"] for row in read_table("README.md", "arm"))
    assert len(re.findall("`(.*?)`", cells)) >= 10
    assert set(re.findall("`(.*?)`", cells)) <= {
        *ARMS,
        *PARAMS.arms["builtin_tour"],
        *PARAMS.arms["builtin_kinds"],
    }


def test_example_of_the_readme_is_the_shipped_study() -> None:
    [example] = [
        yaml.safe_load(block.text)
        for block in read_blocks((ROOT / "README.md").read_text())
        if block.language == "yaml"
    ]
    shipped = read_config(ROOT / "params.yaml").values
    for name, entry in example["arms"]["builtin"].items():
        own = shipped["arms"]["builtin"][name]
        assert entry | {"model": own.get("model")} == own | {"model": own.get("model")}, name


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_parameters(example: dict[str, Any]) -> None:
    """They are a study beside the shipped ones; an example without sections shows arms."""
    shipped = read_config(ROOT / "params.yaml").values
    sections = example if "arms" in example else {"arms": {"builtin": example}}
    for dataset, arms in sections["arms"].items():
        own = shipped["arms"].get(dataset, {})
        shipped["arms"][dataset] = with_starts({n: merged(own.get(n), arms[n]) for n in arms}, own)
        shipped["contrasts"][dataset] = sections.get("contrasts", {}).get(dataset, [])
    shipped["statistics"] |= sections.get("statistics", {})
    parse(shipped)


def test_documents_have_examples() -> None:
    assert len(EXAMPLES) >= 5
