"""What documents say in numbers, and where each number comes from: `params.yaml`, mostly.

A number stands in a group of a sentence's regular expression. Where a sentence is gone or says
another number than the parameters, either of the two has to follow the other.
"""

import re
from typing import Any, TypeVar

from documents import ROOT

from frugalseg.ingest.synthetic.surfaces import SurfaceOptions
from frugalseg.params import Arm, load, plan
from frugalseg.settings.section import QueryParams

Value = TypeVar("Value")
PARAMS = load(ROOT / "params.yaml")
AA = load(ROOT / "params.yaml", ROOT / "benchmarks/aa.yaml")
WORDS: dict[str, Any] = {
    "one": 1,
    "three": 3,
    "four": 4,
    "five": 5,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "a quarter": 0.25,
    "half": 0.5,
    "three quarters": 0.75,
    "before its head": "head",
    "in its decoder": "decoder",
    "in its encoder": "encoder",
    "in one cycle": "one_cycle",
    "cross-entropy": ["ce"],
    "dice + cross-entropy": ["dice", "ce"],
    "dice + bce": ["dice", "bce"],
    "dice + focal": ["dice", "focal"],
    "global maximum": "max",
    "first encoder stage": 1,
}
"""Words that stand for a value."""


def value_of(text: str) -> Any:
    """Return the number that a text says, or what its words stand for."""
    word = text.lower()
    if word in WORDS:
        return WORDS[word]
    return float(word.replace(",", "")) if re.fullmatch(r"[\d.,]+(e-?\d+)?", word) else word


def present(value: Value | None) -> Value:
    """Return a value that has to be there."""
    assert value is not None
    return value


def arm(dataset: str, name: str) -> Arm:
    """Return an arm with nothing left to look up."""
    return plan(PARAMS, dataset).arms[name]


def recipe(dataset: str, name: str) -> list[Any]:
    """Return loss, optimizer, rate, schedule, steps and batch of an arm, in this order."""
    training = arm(dataset, name).training
    rate, schedule = training.lr, training.schedule
    return [list(training.loss), training.optimizer, rate, schedule, training.steps, training.batch]


def crop(dataset: str, name: str) -> list[Any]:
    """Return the sides of an arm's crops, and the share that is drawn around labels."""
    crops = present(arm(dataset, name).training.augment.crop)
    return [crops.size[0], crops.foreground]


def size(dataset: str) -> list[int]:
    """Return height and width of a data set's images."""
    return list(PARAMS.datasets[dataset].size)


def dropout(dataset: str) -> list[Any]:
    """Return probability and place of the dropout that all models of a data set have."""
    models = [one.model.dropout for one in plan(PARAMS, dataset).arms.values()]
    [found] = {(one.p, one.where) if one else None for one in models}
    return list(found or ())


def published(dataset: str) -> list[Any]:
    """Return the published numbers of a data set, in the order of `params.yaml`."""
    return [entry.value for entry in PARAMS.published[dataset]]


RECIPE = (
    r"(Dice \+ [\w-]+)(?: with class weights)?[,;] (AdamW) (\S+) (in one cycle)[,;] "
    r"(\d+) (?:steps|batches) of (\d+)"
)
SIDES = r"(\d+) x (\d+)"
STEPS, SHORT = (arm("builtin", name).training.steps for name in ("full", "continued"))
SEEDS = len(PARAMS.seed_list)
Facts = list[tuple[str, list[Any]]]


def of_builtin() -> Facts:
    multiclass = "builtin_multiclass"
    scene = SurfaceOptions(**PARAMS.datasets["builtin"].scene)
    assert PARAMS.datasets["builtin"].split.validation == 0
    classes = PARAMS.datasets[multiclass].classes or ()
    return [
        (rf"(\d+) drawn images of {SIDES} pixels", [scene.images + scene.test, *size("builtin")]),
        (r"(Half) of the images hold a defect", [scene.positives]),
        (
            r"(\d+) are the training pool, (\d+) the test",
            [scene.images, scene.test],
        ),
        (r"EfficientNet-lite0 and dropout (.*?), Dice", dropout("builtin")[1:]),
        (RECIPE, recipe("builtin", "full")),
        (r"crops of (\d+) pixels \((.*?) around", crop("builtin", "full")),
        (r"(\d+) steps at (\S+) for those", [SHORT, arm("builtin", "continued").training.lr]),
        (r"`builtin_tour` has (\d+) arms", [len(PARAMS.arms["builtin_tour"])]),
        (rf"\((\w+) classes in {SIDES} color", [len(classes), *size(multiclass)]),
        (r"`multiclass` instead of its (\d+)", [arm(multiclass, "full").training.steps]),
    ]


def of_aa() -> Facts:
    scene, one = SurfaceOptions(**AA.datasets["aa"].scene), plan(AA, "aa").arms["one"]
    runs = len(AA.seed_list) * len(AA.arms["aa"])
    return [
        (rf"(\d+) \+ (\d+) drawn images of {SIDES}", [scene.images, scene.test, *scene.size]),
        (r"(\d+) seeds, (\d+) trainings of", [len(AA.seed_list), runs]),
        (r"trainings of (\d+) steps", [one.training.steps]),
        (r"(Four) contrasts are planned", [len(AA.contrasts["aa"])]),
    ]


def of_cracks() -> Facts:
    arms, costs = plan(PARAMS, "cracks").arms, PARAMS.costs
    first, tags, pseudo = (
        present(arms["published"].weak),
        present(arms["weak"].weak),
        arms["pseudo"],
    )
    return [
        (r"reports Dice \*\*(\S+)\*\*", published("cracks")),
        (r"at (\d+) px with the bundled", size("cracks")[:1]),
        (r"\(mask (\d+), tag (\d+)\)", [costs.mask_seconds, costs.tag_seconds]),
        (r"images, (global maximum), threshold (\.\d+)\.", [first.pooling, first.threshold]),
        (r"tags of tiles, top (\d+) %", [tags.share * 100]),
        (r"`masks` has (\d+) masks", [arms["masks"].settings.labels]),
        (r"(\d+) % of them are for", [PARAMS.datasets["cracks"].split.validation * 100]),
        (RECIPE, recipe("cracks", "full")),
        (r"not worse than `full` by (\S+) ", [PARAMS.contrasts["cracks"][-1].margin]),
        (r"The band \[(\S+), (\S+)\] has seen masks", list(present(pseudo.settings.pseudo).band)),
    ]


def of_cracks_kinds() -> Facts:
    arms = plan(PARAMS, "cracks_kinds").arms
    drawn: dict[str, Any] = {name: one.settings.labels for name, one in arms.items()}
    scribbles, points, boxes = (drawn[kind][kind] for kind in ("scribbles", "points", "boxes"))
    return [
        (r"`masks` has (\d+) masks", [drawn["masks"]]),
        (
            r"strokes on (\d+) photos, `points` clicks on (\d+), `boxes` boxes on (\d+)",
            [scribbles, points, boxes],
        ),
        (
            r"`mixed` has (\d+) masks, and clicks on (\d+) further",
            [drawn["mixed"]["images"], drawn["mixed"]["points"]],
        ),
        (RECIPE, recipe("cracks_kinds", "masks")),
        (r"crops of (\d+) pixels, (half) of each", crop("cracks_kinds", "masks")),
    ]


def of_builtin_kinds() -> Facts:
    drawn: dict[str, Any] = {arm: one.labels for arm, one in PARAMS.arms["builtin_kinds"].items()}
    pool = SurfaceOptions(**PARAMS.datasets["builtin_kinds"].scene).images
    mixed = [drawn["mixed"]["images"], drawn["mixed"]["boxes"]]
    return [
        (r"`masks` has (\d+) masks", [drawn["masks"]]),
        (r"strokes on (\d+) images", [drawn["scribbles"]["scribbles"]]),
        (r"boxes on all (\d+); `mixed`", [pool * drawn["boxes"]["boxes"]]),
        (r"(\d+) masks, and boxes on the other (\d+)", mixed),
    ]


def of_glas() -> Facts:
    arms, regions = plan(PARAMS, "glas_small").arms, arm("glas", "random_region").settings
    region, window = present(regions.region), present(arms["random_region"].settings.region)
    assert isinstance(regions.query, QueryParams)
    images = arm("glas", "random").settings.query
    bought = [images, regions.query.regions, region.size, region.size]
    more = arms["continued"].training
    return [
        (rf"(\d+) images or (\d+) regions of {SIDES} at a time", bought),
        (rf"at {SIDES} pixels \(.25 of their scale\)", size("glas_small")),
        (r"windows of (\d+) pixels at stride (\d+)", [window.size, window.stride]),
        (r"dropout of (\S+) (.*?), Dice", dropout("glas_small")),
        (RECIPE, recipe("glas_small", "full")),
        (r"crops of (\d+) pixels", crop("glas_small", "full")[:1]),
        (r"for `full`, (\d+) for `initial`", [arms["initial"].training.steps]),
        (r"(\d+) more at (\S+) for", [more.steps, more.lr]),
        (r"starts from (\d+) images", [arms["initial"].settings.labels]),
        (r"buys (\d+) more", [arms["random"].settings.query]),
        (r"(\w+) stochastic passes", [arms["bald"].settings.passes]),
    ]


def of_kolektorsdd2() -> Facts:
    first, third, more = (
        arm("kolektorsdd2", name).settings for name in ("initial", "third", "random")
    )
    return [
        (rf"Images at {SIDES}", size("kolektorsdd2")),
        (RECIPE, recipe("kolektorsdd2", "full")),
        (r"crops of (\d+) pixels, (half) of each", crop("kolektorsdd2", "full")),
        (r"`initial` has (\d+) masks", [first.labels]),
        (r"buy (\d+) more", [more.query]),
        (r"`third` has (\d+)", [third.labels]),
    ]


def of_magnetic_tile() -> Facts:
    data, full = PARAMS.datasets["magnetic_tile"], arm("magnetic_tile", "full")
    first, more = (arm("magnetic_tile", name).settings for name in ("initial", "random"))
    return [
        (rf"A stack image of {SIDES}", size("magnetic_tile")),
        (r"holds a photo at (\S+) of its scale", [present(data.tile).scale]),
        (r"`duplicates: {distance: (\d+)}`", [data.duplicates.distance]),
        (r"`initial` has (\S+) of the photos", [first.labels]),
        (r"buy (\S+) more in one round", [more.query]),
        (RECIPE, recipe("magnetic_tile", "trained")),
        (r"crops of (\d+) pixels", crop("magnetic_tile", "trained")[:1]),
        (r"The head's penalty, (\S+), was", [full.options["penalty"]]),
    ]


def of_microct() -> Facts:
    teacher, told = arm("microct", "mean_teacher"), arm("microct", "mean_teacher").options
    return [
        (r"Dice rises from (\S+) to (\S+)\. ", published("microct_published")[::2]),
        (r"trained (\d+) steps more", [arm("microct_published", "mean_teacher").training.steps]),
        (rf"Slices of {SIDES}", size("microct")),
        (RECIPE, recipe("microct", "initial")),
        (r"crops of (\d+) pixels, (half) of each", crop("microct", "initial")),
        (r"Mean Teacher: (\d+) unlabeled crops", [present(teacher.unlabeled).batch]),
        (r"moving average (\S+) of", [told["ema_decay"]]),
        (r"consistency weight (\d+) after", [told["consistency_weight"]]),
        (r"sigmoid ramp of (\d+) steps", [told["rampup_steps"]]),
        (r"(\d+) steps at (\S+), with", [teacher.training.steps, teacher.training.lr]),
    ]


def of_aluminum() -> Facts:
    net, ours = present(PARAMS.models["aluminum_small"].flex), arm("aluminum", "published").training
    tile = present(PARAMS.datasets["aluminum"].tile)
    return [
        (
            r"`dice_coef_multiclass` of (\S+) and a cross-entropy of (\S+)\. ",
            published("aluminum_published")[1::-1],
        ),
        (r"at (a quarter) of the scale \((\d+) pixels\)", [tile.scale, size("aluminum")[0]]),
        (r"(\d+) steps of (\d+) tiles", [ours.steps, ours.batch]),
        (r"(\d+) levels, (\d+) filters", [net.levels, net.filters]),
        (r"(cross-entropy), (Adam) (\S+),", [list(ours.loss), ours.optimizer, ours.lr]),
        (r"rate after (\d+) validations", [arm("aluminum", "corrected").training.plateau_patience]),
        (r"tiles\]\(magnetic_tile\.md\), (\S+)\.", [arm("aluminum", "frozen").options["penalty"]]),
    ]


def of_others() -> dict[str, Facts]:
    shares = [PARAMS.datasets[name].split for name in ("kolektorsdd2_published", "glas")]
    kept = [share.validation * 100 for share in shares]
    runs = len(AA.seed_list) * len(AA.arms["aa"])
    planned = [len(AA.seed_list), runs, len(AA.contrasts["aa"])]
    return {
        "README.md": [(r"The built-in study, up to (\d+) seeds", [SEEDS])],
        "docs/acquisition.md": [(r"(\d+) % of the training .{,40} \(GlaS: (\d+) %\)", kept)],
        "docs/development/performance.md": [(r"trainings of (\d+) to (\d+) steps", [SHORT, STEPS])],
        "docs/development/trust.md": [(r"(\d+) seeds, (\d+) trainings, (\w+) contrasts", planned)],
    }


FACTS: dict[str, Facts] = {
    "docs/studies/aa.md": of_aa(),
    "docs/studies/aluminum.md": of_aluminum(),
    "docs/studies/builtin.md": of_builtin(),
    "docs/studies/builtin_kinds.md": of_builtin_kinds(),
    "docs/studies/cracks.md": of_cracks(),
    "docs/studies/cracks_kinds.md": of_cracks_kinds(),
    "docs/studies/glas.md": of_glas(),
    "docs/studies/kolektorsdd2.md": of_kolektorsdd2(),
    "docs/studies/magnetic_tile.md": of_magnetic_tile(),
    "docs/studies/microct.md": of_microct(),
    **of_others(),
}
"""By document: the regular expression of a sentence, and the values of its groups."""
