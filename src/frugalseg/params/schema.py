"""The sections of `params.yaml`. Nothing here imports torch, so that a dry run stays fast."""

from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.models import ARCHITECTURES
from frugalseg.models.encoder_names import check_encoder
from frugalseg.params.augment import AugmentParams
from frugalseg.params.datasets import DataSetParams
from frugalseg.params.flex_unet import FlexUNetParams
from frugalseg.params.published import PublishedParams
from frugalseg.params.strategies import FixMatchParams, MeanTeacherParams, UnlabeledParams
from frugalseg.params.types import (
    Amount,
    ImageSize,
    Metric,
    Name,
    Query,
    QueryParams,
    Section,
    Share,
    known_name,
)
from frugalseg.params.weak import PseudoParams, TagParams, WeakParams
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES, OPTIMIZERS


class CostParams(Section):
    """What a label costs, in seconds: a mask, a kilopixel of a region, a tag."""

    mask_seconds: PositiveFloat = 60.0
    region_seconds_per_kilopixel: PositiveFloat = 2.0
    tag_seconds: PositiveFloat = 1.0
    price_per_hour: PositiveFloat = 30.0


class DropoutParams(Section):
    """Dropout with probability `p` in the encoder's last two stages, the decoder or the head."""

    p: Annotated[float, Field(gt=0, lt=1)]
    where: Literal["encoder", "decoder", "head"]


class ModelParams(Section):
    """A network over an encoder (`flex_unet` has its own); another `seed`, other first weights."""

    arch: Annotated[str, known_name(ARCHITECTURES, "architecture")]
    encoder: str | None = None
    weights: str = "imagenet"
    decoder_channels: tuple[PositiveInt, ...] | None = None
    seed: NonNegativeInt = 0
    dropout: DropoutParams | None = None
    flex: FlexUNetParams | None = None

    @model_validator(mode="before")
    @classmethod
    def _flex_unet_is_its_own_encoder(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("arch") == "flex_unet":
            return {"weights": "none", "flex": {}, **value}
        return value

    @model_validator(mode="after")
    def _fields_belong_to_the_architecture(self) -> "ModelParams":
        own = self.arch == "flex_unet"
        if own and (self.encoder or self.decoder_channels or self.weights != "none"):
            raise ValueError(
                "flex_unet takes no encoder, decoder_channels or weights: say 'flex' instead"
            )
        if not own and (self.encoder is None or self.flex is not None):
            raise ValueError(f"{self.arch} needs an 'encoder', and takes no 'flex'")
        return self

    @field_validator("encoder")
    @classmethod
    def _encoder_exists(cls, name: str | None) -> str | None:
        return name if name is None else check_encoder(name)

    @field_validator("weights")
    @classmethod
    def _weights_are_known(cls, weights: str) -> str:
        if weights in {"imagenet", "bundled", "none"} or weights.startswith("file:"):
            return weights
        raise ValueError("expected 'imagenet', 'bundled', 'none' or 'file:PATH.safetensors'")


class LossParams(Section):
    """Options of one loss term; `class_weights` are the background's and those of the classes."""

    weight: PositiveFloat = 1.0
    gamma: float | None = Field(default=None, ge=0)
    class_weights: tuple[PositiveFloat, ...] | None = Field(default=None, min_length=3)


class WindowParams(Section):
    """Whole images by sliding window; neighboring windows share `overlap` of their sides."""

    size: ImageSize
    overlap: Annotated[float, Field(ge=0, lt=1)] = 0.5


class WatchParams(Section):
    """How many validation images are predicted while training, at every n-th validation."""

    images: PositiveInt = 2
    every: PositiveInt = 1


class TrainingParams(Section):
    """Settings of the one training loop."""

    loss: dict[Annotated[str, known_name(LOSSES, "loss")], LossParams] = Field(min_length=1)
    optimizer: Annotated[str, known_name(OPTIMIZERS, "optimizer")] = "adamw"
    lr: PositiveFloat
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["none", "cosine", "one_cycle", "plateau"] = "none"
    plateau_factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    plateau_patience: PositiveInt = 4
    min_lr: Annotated[float, Field(ge=0)] = 0.0
    steps: PositiveInt
    batch: PositiveInt
    augment: AugmentParams = AugmentParams()
    normalize: Literal["imagenet", "unit"] = "imagenet"
    validate_every: PositiveInt
    monitor: Literal["dice", "nll"] = "dice"
    validation_patch: ImageSize | None = None
    window: WindowParams | None = None
    early_stopping: PositiveInt | None = None
    watch: WatchParams | None = None
    clip_norm: PositiveFloat | None = None
    amp: bool = True
    threads: PositiveInt = 1

    @field_validator("loss", mode="before")
    @classmethod
    def _list_of_losses(cls, value: Any) -> Any:
        return {name: {} for name in value} if isinstance(value, list) else value


class RegionParams(Section):
    """Square windows of `size` pixels every `stride`; `overlap` lets those chosen share pixels."""

    size: PositiveInt
    stride: PositiveInt
    overlap: bool = False


class ArmParams(Section):
    """One arm; what it leaves out comes from its `start` arm."""

    labels: Amount | Literal["tags"] | None = None
    start: Name | None = None
    acquire: Annotated[str, known_name(ACQUISITIONS, "acquisition")] | None = None
    query: Query | None = None
    rounds: PositiveInt | None = None
    unit: Literal["image", "region"] = "image"
    region: RegionParams | None = None
    passes: PositiveInt = 1
    aggregate: Literal["sum", "mean", "max", "top_k"] = "mean"
    top_k: Amount = 0.01
    warm: bool | None = None
    strategy: Annotated[str, known_name(STRATEGIES, "strategy")] | None = None
    model: Name | None = None
    training: Name | dict[str, Any] | None = None
    unlabeled: UnlabeledParams | None = None
    mean_teacher: MeanTeacherParams | None = None
    fixmatch: FixMatchParams | None = None
    tags: TagParams | None = None
    weak: WeakParams | None = None
    pseudo: PseudoParams | None = None

    @property
    def training_name(self) -> str | None:
        """Return the training section that is used, as it is or with single settings changed."""
        return self.training.get("like") if isinstance(self.training, dict) else self.training

    @model_validator(mode="after")
    def _fields_belong_together(self) -> "ArmParams":
        if (self.labels is None) == (self.start is None):
            raise ValueError("give either 'labels' (its own first labels) or 'start' (an arm)")
        together = (self.acquire is not None, self.query is not None, self.rounds is not None)
        if any(together) and not all(together):
            raise ValueError("'acquire', 'query' and 'rounds' belong together: give all or none")
        if self.pseudo is not None and (self.start is None or self.acquire is not None):
            raise ValueError("'pseudo' needs a 'start', whose model draws, and buys nothing")
        return self

    @model_validator(mode="after")
    def _query_fits_the_unit(self) -> "ArmParams":
        if (self.unit == "region") != (self.region is not None):
            raise ValueError("'unit: region' and 'region: {size, stride}' belong together")
        given = {"unit", "passes", "aggregate", "top_k"} & self.model_fields_set
        if self.acquire is None and given:
            raise ValueError(f"{', '.join(sorted(given))} without 'acquire' has no meaning")
        if self.unit == "region" and self.aggregate not in {"sum", "mean"}:
            raise ValueError("the pixels of a region are aggregated by 'sum' or 'mean'")
        other = "images" if self.unit == "region" else "regions"
        if isinstance(self.query, QueryParams) and getattr(self.query, other) is not None:
            raise ValueError(f"a query in {other} cannot be had with 'unit: {self.unit}'")
        return self


class ContrastParams(Section):
    """A comparison planned before any result is seen."""

    a: Name
    b: Name
    metric: Metric = "dice"
    at: Literal["final"] | Share = "final"
    claim: Literal["superior", "not_worse", "equivalent"] = "superior"
    margin: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _margin_is_given(self) -> "ContrastParams":
        if self.claim != "superior" and self.margin == 0:
            raise ValueError(f"claim {self.claim!r} needs a margin above 0")
        return self


class EvaluationParams(Section):
    """Evaluation on the test split; with several `passes`, of models with dropout their mean.

    `samples`: of how many test images the first seed's predictions are kept, to be looked at.
    """

    samples: PositiveInt | Literal["all"] = "all"
    passes: PositiveInt = 1


class StatisticsParams(Section):
    """Error rates and resampling."""

    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    resamples: PositiveInt = 10_000
    seed: int = 0


class ReportParams(Section):
    """What the report shows."""

    metric: Metric = "dice"
    samples: PositiveInt = 6
    goal: Annotated[float, Field(gt=0, le=1)] = 0.95
    currency: str = "€"
    watts_per_core: PositiveFloat = 12.0
    watts_per_gpu: PositiveFloat = 200.0


class Params(Section):
    """The whole of `params.yaml`."""

    run: list[Name] = Field(min_length=1)
    seeds: PositiveInt | list[int]
    datasets: dict[Name, DataSetParams]
    costs: CostParams = CostParams()
    models: dict[Name, ModelParams]
    training: dict[Name, TrainingParams]
    arms: dict[Name, dict[Name, ArmParams]]
    contrasts: dict[Name, list[ContrastParams]] = {}
    published: dict[Name, list[PublishedParams]] = {}
    evaluation: EvaluationParams = EvaluationParams()
    statistics: StatisticsParams = StatisticsParams()
    report: ReportParams = ReportParams()

    @field_validator("datasets", mode="before")
    @classmethod
    def _reader_is_the_name(cls, value: Any) -> Any:
        """A data set named like a reader needs no `reader`."""
        if not isinstance(value, dict):
            return value
        return {
            name: {"reader": name, **entry} if isinstance(entry, dict) else entry
            for name, entry in value.items()
        }

    @property
    def seed_list(self) -> list[int]:
        """Return the seeds, in order."""
        return list(range(self.seeds)) if isinstance(self.seeds, int) else list(self.seeds)
