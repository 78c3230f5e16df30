"""What a strategy sees of unlabeled images: a weak view of each, and one or two strong ones."""

from dataclasses import dataclass

from torch import Tensor

from frugalseg.data.cutmix import mix


@dataclass(frozen=True)
class Views:
    """Views of one unlabeled batch; all show the same crops, pixel by pixel.

    Attributes:
        weak: float32, N x C x H x W, scaled for the network: the geometry and nothing else.
        strong: of the same shape; blurred, brighter ..., and mixed by CutMix, each in its own way.
        boxes: bool, N x 1 x H x W, one a strong view: where it shows the batch's next image.
        valid: bool, N x H x W; False at padding and beyond the image's rim, in the weak view.
    """

    weak: Tensor
    strong: tuple[Tensor, ...]
    boxes: tuple[Tensor, ...]
    valid: Tensor

    def mixed(self, values: Tensor, view: int) -> Tensor:
        """Bring what belongs to the weak view (N x ... x H x W) to a strong one's CutMix."""
        return mix(values, self.boxes[view])
