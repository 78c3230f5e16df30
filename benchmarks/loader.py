"""A training step with its data, against the same step fed by a `DataLoader` over picture files.

The peer does as the published studies: a data set that opens, decodes and augments one PNG after
another (torchvision's transforms), and a `DataLoader` without workers, so that one thread is
compared with one. Network, losses, optimizer, batch and augmentation are the same. The files hold
either the images of the stack, or images of the size in KolektorSDD2's archive: the studies resize
an image whenever they open it, while the stack was resized once, when it was prepared.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2

from benchmarks.squares import write_stack
from benchmarks.steps import bare_step, network
from benchmarks.training import CASE, our_loop
from benchmarks.turns import turns
from frugalseg.core.device import configure_process
from frugalseg.data.stack import Stack, open_stack

ROUNDS = 15
SIZE, BATCH, STEPS = CASE.size, CASE.batch, CASE.steps
ARCHIVE = (640, 232)
"""Height and width of most images of KolektorSDD2 (Bozic 2021), about."""
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Pictures(Dataset[tuple[Tensor, Tensor]]):
    """Images and masks as PNG files, augmented one by one."""

    def __init__(self, folder: Path) -> None:
        """Take a folder of `N.png` and `N_mask.png`."""
        self._images = sorted(folder.glob("[0-9]*[0-9].png"))
        turned = v2.RandomAffine(degrees=15, translate=(0.05, 0.05), scale=(0.9, 1.1))
        self._transform = v2.Compose(
            [
                v2.Resize((SIZE, SIZE)),
                v2.RandomHorizontalFlip(0.5),
                v2.RandomVerticalFlip(0.5),
                v2.RandomChoice([v2.RandomRotation((turn, turn)) for turn in (0, 90, 180, 270)]),
                v2.RandomApply([turned], p=0.5),
                v2.ColorJitter(brightness=0.1, contrast=0.1),
                v2.ToDtype({tv_tensors.Image: torch.float32, "others": None}, scale=True),
                v2.Normalize(MEAN, STD),
            ]
        )

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._images)

    def __getitem__(self, number: int) -> tuple[Tensor, Tensor]:
        """Open, decode and augment one image and its mask."""
        path = self._images[number]
        image = tv_tensors.Image(Image.open(path).convert("RGB"))
        mask = tv_tensors.Mask(Image.open(path.with_name(f"{path.stem}_mask.png")))
        augmented: tuple[Tensor, Tensor] = self._transform(image, mask)
        return augmented


def write_pictures(stack: Stack, folder: Path, size: tuple[int, int]) -> None:
    """Write a stack's images and masks as PNG files of `size` (height, width)."""
    folder.mkdir()
    masks = np.load(stack.masks_path)
    for number in range(len(masks)):
        image = Image.fromarray(stack.images[np.array([number])][0])
        mask = Image.fromarray(masks[number])
        image.resize(size[::-1], Image.Resampling.BILINEAR).save(folder / f"{number:06}.png")
        mask.resize(size[::-1], Image.Resampling.NEAREST).save(folder / f"{number:06}_mask.png")


def loader_loop(folder: Path) -> Callable[[], None]:
    """Return a function that trains the peer for `STEPS` steps."""
    step = bare_step(network().to(memory_format=torch.channels_last).train())
    loader = DataLoader(Pictures(folder), batch_size=BATCH, shuffle=True, drop_last=True)

    def forever() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            yield from loader

    batches = forever()

    def run() -> None:
        for _ in range(STEPS):
            images, target = next(batches)
            step(images.contiguous(memory_format=torch.channels_last), target.squeeze(1))

    return run


def compare(stack: Stack, folder: Path, size: tuple[int, int]) -> None:
    """Print images per second of both, and the median ratio, for picture files of `size`."""
    write_pictures(stack, folder, size)
    seconds = turns(our_loop(stack), loader_loop(folder), rounds=ROUNDS)
    ours, peer = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(theirs / mine for mine, theirs in seconds)
    images = STEPS * BATCH
    height, width = size
    print(f"loop over a stack               {images / ours:7.1f} images/s")
    print(f"DataLoader over PNG {height:4} x {width:4} {images / peer:7.1f} images/s")
    print(
        f"ratio                           {statistics.median(ratios):7.3f}  (from "
        f"{ratios[0]:.3f} to {ratios[-1]:.3f}, {ROUNDS} pairs of {STEPS} steps of {BATCH} images "
        f"of {SIZE} pixels, torch {torch.__version__}, 1 thread)",
        flush=True,
    )


def main() -> None:
    """Compare with files of the size of the stack, and of an archive."""
    configure_process(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_stack(folder / "stack", 200, SIZE)
        stack = open_stack(folder / "stack")
        for number, size in enumerate([(SIZE, SIZE), ARCHIVE]):
            compare(stack, folder / f"pictures-{number}", size)
