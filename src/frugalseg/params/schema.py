"""The sections of `params.yaml`. Nothing here imports torch, so that a dry run stays fast."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.data.sets import DATASETS
from frugalseg.metrics import METRICS
from frugalseg.models import ARCHITECTURES
from frugalseg.models.encoder_names import check_encoder
from frugalseg.params.types import Amount, ImageSize, Name, Section, Share, known_name
from frugalseg.params.weak import PseudoParams, TagParams, WeakParams, one_group
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES, OPTIMIZERS

Metric = Annotated[str, known_name(METRICS, "metric")]


class LimitParams(Section):
    """What an archive or an image may hold before it is refused as a bomb."""

    entries: PositiveInt = 200_000
    total_bytes: PositiveInt = 68_719_476_736
    ratio: PositiveFloat = 200.0
    pixels: PositiveInt = 200_000_000


class MaskParams(Section):
    """How a mask on disk becomes classes; see `frugalseg.data.masks`."""

    method: str | None = None
    threshold: float | None = None
    value: int | None = None
    colors: dict[str, tuple[int, int, int]] | None = None


class SplitParams(Section):
    """Shares of images: `test` where no official test split exists, `validation` of the rest."""

    test: Share = 0.25
    validation: Share = 0.15


class DataSetParams(Section):
    """Where a data set comes from and how it becomes a stack of images of one size."""

    source: str
    reader: Annotated[str, known_name(DATASETS, "data set")]
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    md5: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    scene: dict[str, Any] = {}
    classes: tuple[str, ...] | None = None
    options: dict[str, Any] = {}
    image_size: ImageSize
    channels: Literal[1, 3] = 3
    fit: Literal["stretch", "pad"] = "stretch"
    mask: MaskParams = MaskParams()
    split: SplitParams = SplitParams()
    limits: LimitParams = LimitParams()
    origin: Annotated[str, AfterValidator(one_group)] | None = None


class CostParams(Section):
    """What a label costs, in seconds: a mask, a kilopixel of a region, a tag."""

    mask_seconds: PositiveFloat = 60.0
    region_seconds_per_kilopixel: PositiveFloat = 2.0
    tag_seconds: PositiveFloat = 1.0
    price_per_hour: PositiveFloat = 30.0


class ModelParams(Section):
    """A segmentation network over an encoder."""

    arch: Annotated[str, known_name(ARCHITECTURES, "architecture")]
    encoder: str
    weights: str = "imagenet"
    decoder_channels: tuple[PositiveInt, ...] | None = None
    offline_encoder: Literal["bundled"] | None = None

    @field_validator("encoder")
    @classmethod
    def _encoder_exists(cls, name: str) -> str:
        return check_encoder(name)

    @field_validator("weights")
    @classmethod
    def _weights_are_known(cls, weights: str) -> str:
        if weights in {"imagenet", "bundled", "none"} or weights.startswith("file:"):
            return weights
        raise ValueError("expected 'imagenet', 'bundled', 'none' or 'file:PATH.safetensors'")


class LossParams(Section):
    """Options of one loss term."""

    weight: PositiveFloat = 1.0
    gamma: float | None = Field(default=None, ge=0)


class AffineParams(Section):
    """Random shift (share of the side), scale (+- share) and rotation (+- degrees)."""

    p: Share = 0.5
    shift: Share = 0.0
    scale: Annotated[float, Field(ge=0, lt=1)] = 0.0
    rotate: Annotated[float, Field(ge=0, le=180)] = 0.0


class CropParams(Section):
    """Random crops; a share `foreground` of each batch lies around a labeled foreground pixel."""

    size: ImageSize
    foreground: Share = 0.5
    jitter: Share = 0.25


class AugmentParams(Section):
    """What may happen to a training image; nothing by default."""

    hflip: Share = 0.0
    vflip: Share = 0.0
    rot90: bool = False
    affine: AffineParams | None = None
    crop: CropParams | None = None
    brightness: Share = 0.0
    contrast: Share = 0.0


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
    early_stopping: PositiveInt | None = None
    clip_norm: PositiveFloat | None = None
    amp: bool = True
    threads: PositiveInt = 1

    @field_validator("loss", mode="before")
    @classmethod
    def _list_of_losses(cls, value: Any) -> Any:
        return {name: {} for name in value} if isinstance(value, list) else value


class ArmParams(Section):
    """One arm; what it leaves out comes from its `start` arm."""

    labels: Amount | Literal["tags"] | None = None
    start: Name | None = None
    acquire: Annotated[str, known_name(ACQUISITIONS, "acquisition")] | None = None
    query: Amount | None = None
    rounds: PositiveInt | None = None
    warm: bool | None = None
    strategy: Annotated[str, known_name(STRATEGIES, "strategy")] | None = None
    model: Name | None = None
    training: Name | dict[str, Any] | None = None
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
    """Evaluation on the test split."""

    samples: PositiveInt = 12


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
