"""Names in `params.yaml` that stand for an entry of a registry or of another section."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from frugalseg.acquisition import ACQUISITIONS, STARTS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check, lookup
from frugalseg.data.kinds import KINDS
from frugalseg.ingest.readers import DATASETS
from frugalseg.metrics.metric import METRICS
from frugalseg.models import ARCHITECTURES
from frugalseg.models.encoder_names import check_encoder
from frugalseg.params.schema import Params
from frugalseg.settings.labels import MASKS, TAGS, drawn
from frugalseg.settings.mask import MASK_METHODS
from frugalseg.settings.problems import OptionsError
from frugalseg.settings.training import TrainingParams
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES, OPTIMIZERS

Use = tuple[str, str | None, Mapping[str, object], str]
"""A key, the name that it holds, the table that must have the name, and what the name is of."""


_KINDS = {MASKS: "", TAGS: "", **KINDS}


def check_names(params: Params) -> list[str]:
    """Return a problem for each name that is unknown, or differs from another in case only.

    Options of the readers of `run` are checked with their values.
    """
    uses = chain(_dataset_uses(params), _uses(params), _comparison_uses(params))
    others = (
        _wrong_options(params),
        _unknown_encoders(params),
        _missing_prices(params),
        _case_clashes(params),
    )
    return [*unknown_names(uses), *chain(*others)]


def training_uses(key: str, training: TrainingParams) -> Iterator[Use]:
    """Yield the names that a training section uses."""
    yield f"{key}.optimizer", training.optimizer, OPTIMIZERS, "optimizer"
    for name in training.loss:
        yield f"{key}.loss.{name}", name, LOSSES, "loss"


def unknown_names(uses: Iterable[Use]) -> Iterator[str]:
    """Yield a problem for each name that its table does not have."""
    for key, name, table, what in uses:
        try:
            _ = name is None or check(table, name, what)
        except FrugalsegError as error:
            yield f"{key}: {error}"


def _dataset_uses(params: Params) -> Iterator[Use]:
    for name, dataset in params.datasets.items():
        key, mask = f"datasets.{name}", dataset.mask
        yield f"{key}.reader", dataset.reader, DATASETS, "data set"
        yield f"{key}.mask.method", mask.method, MASK_METHODS, "mask method"
        if dataset.classes:  # else those of the reader, which knows them when it reads
            classes = dict.fromkeys((*dataset.classes, "background", "ignore"))
            for named in (*(mask.values or ()), *(mask.colors or ())):
                yield f"{key}.mask", named, classes, "class"


def _uses(params: Params) -> Iterator[Use]:
    for name in params.run:
        yield "run", name, params.datasets, "data set"
    for name, model in params.models.items():
        yield f"models.{name}.arch", model.arch, ARCHITECTURES, "architecture"
    for name, training in params.training.items():
        yield from training_uses(f"training.{name}", training)
    for kind in params.costs.mark_seconds:
        yield f"costs.mark_seconds.{kind}", kind, KINDS, "kind of drawing"
    if params.report.metric != "auto":
        yield "report.metric", params.report.metric, METRICS, "metric"
    for dataset_name, arms in params.arms.items():
        for name, arm in arms.items():
            key = f"arms.{dataset_name}.{name}"
            yield f"{key}.start", arm.start_arm, arms, "arm"
            yield f"{key}.start.by", arm.first.by, STARTS, "start"
            yield f"{key}.acquire", arm.acquire, ACQUISITIONS, "acquisition"
            yield f"{key}.strategy", arm.strategy, STRATEGIES, "strategy"
            yield f"{key}.model", arm.model, params.models, "model"
            for kind in arm.amounts:
                yield f"{key}.labels.{kind}", kind, _KINDS, "kind of label"
            yield f"{key}.training", arm.training_name, params.training, "training section"


def _comparison_uses(params: Params) -> Iterator[Use]:
    for section, arm_fields, metric_fields in (
        ("contrasts", ("a", "b"), ("metric",)),
        ("published", ("arm", "corrected"), ("metric", "corrected_metric")),
    ):
        for dataset_name, entries in getattr(params, section).items():
            yield f"{section}.{dataset_name}", dataset_name, params.arms, "data set with arms"
            arms = params.arms.get(dataset_name, {})
            for position, entry in enumerate(entries):
                key = f"{section}.{dataset_name}.{position}"
                for field in arm_fields:
                    yield f"{key}.{field}", getattr(entry, field), arms, "arm"
                for field in metric_fields:
                    yield f"{key}.{field}", getattr(entry, field), METRICS, "metric"


def _wrong_options(params: Params) -> Iterator[str]:
    """Yield the problems of readers' options; readers that are not needed are not imported."""
    for name in params.run:
        dataset = params.datasets.get(name)
        if dataset is not None and dataset.options and dataset.reader in DATASETS:
            try:
                lookup(DATASETS, dataset.reader, "data set").with_options(dataset.options)
            except OptionsError as error:
                yield from (f"datasets.{name}.options.{problem}" for problem in error.problems)


def _unknown_encoders(params: Params) -> Iterator[str]:
    for name, model in params.models.items():
        try:
            _ = model.encoder is None or check_encoder(model.encoder)
        except ValueError as error:
            yield f"models.{name}.encoder: {error}; found {model.encoder!r}"


def _missing_prices(params: Params) -> Iterator[str]:
    for dataset_name, arms in params.arms.items():
        for name, arm in arms.items():
            for kind in drawn(arm.labels):
                if kind in KINDS and kind not in params.costs.mark_seconds:
                    yield (
                        f"costs.mark_seconds: arms.{dataset_name}.{name} buys {kind}, and their "
                        f"price is missing. Add '{kind}: ', the seconds that each of them takes"
                    )


def _case_clashes(params: Params) -> Iterator[str]:
    sections = {name: getattr(params, name) for name in ("datasets", "models", "training", "arms")}
    sections |= {f"arms.{dataset}": arms for dataset, arms in params.arms.items()}
    for section, names in sections.items():
        first: dict[str, str] = {}
        for name in names:
            earlier = first.setdefault(name.lower(), name)
            if earlier != name:
                yield (
                    f"{section}.{name}: differs from {section}.{earlier} in case only, and macOS "
                    "and Windows would store both in one folder. Rename one of them"
                )
