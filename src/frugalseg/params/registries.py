"""Names in `params.yaml` that stand for an entry of a registry."""

from collections.abc import Iterator, Mapping

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check
from frugalseg.ingest.readers import DATASETS
from frugalseg.metrics.metric import METRICS
from frugalseg.models import ARCHITECTURES
from frugalseg.models.encoder_names import check_encoder
from frugalseg.params.schema import Params
from frugalseg.settings.training import TrainingParams
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES, OPTIMIZERS

Use = tuple[str, str, Mapping[str, object], str]
"""The key of a name, the name, the registry that should hold it, and what it is a name of."""


def check_registries(params: Params) -> list[str]:
    """Return a fault for every name that its registry does not have."""
    return [*_unknown_encoders(params), *unknown_names(_uses(params))]


def training_uses(key: str, training: TrainingParams) -> Iterator[Use]:
    """Yield the names that a training section uses."""
    yield f"{key}.optimizer", training.optimizer, OPTIMIZERS, "optimizer"
    for name in training.loss:
        yield f"{key}.loss.{name}", name, LOSSES, "loss"


def unknown_names(uses: Iterator[Use]) -> Iterator[str]:
    """Yield a fault for every use of a name that its registry does not have."""
    for key, name, table, what in uses:
        try:
            check(table, name, what)
        except FrugalsegError as error:
            yield f"{key}: {error}"


def _uses(params: Params) -> Iterator[Use]:
    for name, dataset in params.datasets.items():
        yield f"datasets.{name}.reader", dataset.reader, DATASETS, "data set"
    for name, model in params.models.items():
        yield f"models.{name}.arch", model.arch, ARCHITECTURES, "architecture"
    for name, training in params.training.items():
        yield from training_uses(f"training.{name}", training)
    for dataset_name, arms in params.arms.items():
        for name, arm in arms.items():
            key = f"arms.{dataset_name}.{name}"
            if arm.acquire is not None:
                yield f"{key}.acquire", arm.acquire, ACQUISITIONS, "acquisition"
            if arm.strategy is not None:
                yield f"{key}.strategy", arm.strategy, STRATEGIES, "strategy"
    yield from _metric_uses(params)


def _metric_uses(params: Params) -> Iterator[Use]:
    yield "report.metric", params.report.metric, METRICS, "metric"
    for dataset, contrasts in params.contrasts.items():
        for place, contrast in enumerate(contrasts):
            key = f"contrasts.{dataset}.{place}.metric"
            yield key, contrast.metric, METRICS, "metric"
    for dataset, numbers in params.published.items():
        for place, number in enumerate(numbers):
            key = f"published.{dataset}.{place}"
            yield f"{key}.metric", number.metric, METRICS, "metric"
            if number.corrected_metric is not None:
                yield f"{key}.corrected_metric", number.corrected_metric, METRICS, "metric"


def _unknown_encoders(params: Params) -> Iterator[str]:
    for name, model in params.models.items():
        try:
            _ = model.encoder is None or check_encoder(model.encoder)
        except ValueError as error:
            yield f"models.{name}.encoder: {error}; found {model.encoder!r}"
