"""The scene of micro-CT-like particles."""

import numpy as np

from frugalseg.ingest.synthetic import particles
from frugalseg.ingest.synthetic.scene import Picture


def draw(**options: object) -> list[Picture]:
    return list(particles.draw({"images": 16, "test": 0, "unlabeled": 0, **options}))


def test_default_has_more_unlabeled_slices_than_labeled_ones() -> None:
    counts = particles.ParticleOptions().counts()
    assert counts["unlabeled"] >= 3 * counts["train"]


def test_slices_are_numbered_in_order_and_grouped_by_block() -> None:
    slices = draw(images=10, block=4)
    assert [picture.number for picture in slices] == list(range(10))
    groups = [picture.group for picture in slices]
    assert groups == ["train-000"] * 4 + ["train-001"] * 4 + ["train-002"] * 2


def test_neighbors_inside_a_block_resemble_each_other_and_blocks_do_not() -> None:
    slices = draw(block=8, noise=2)
    images = np.stack([picture.image.ravel() for picture in slices]).astype(float)
    masks = [picture.mask > 0 for picture in slices]
    correlation = np.corrcoef(images)
    inside = [correlation[k, k + 1] for k in range(15) if k != 7]
    assert min(inside) > correlation[7, 8] + 0.2
    overlap = [(masks[k] & masks[k + 1]).sum() / (masks[k] | masks[k + 1]).sum() for k in range(7)]
    assert min(overlap) > 0.5


def test_slices_of_a_block_are_not_copies() -> None:
    slices = draw(images=8)
    assert len({picture.image.tobytes() for picture in slices}) == 8
    assert len({picture.mask.tobytes() for picture in slices}) == 8


def test_particles_are_brighter_than_the_matrix_yet_not_the_brightest() -> None:
    slices = draw(images=32, noise=0, rings=0)
    image = np.stack([picture.image for picture in slices]).astype(float)
    inside = np.stack([picture.mask for picture in slices]) == 255
    assert image[inside].mean() > image[~inside].mean() + 10
    # Metal grains, which are background, outshine every particle.
    assert (image[~inside] > np.percentile(image[inside], 99)).any()


def test_larger_slices_hold_more_particles() -> None:
    small, large = (
        np.mean([picture.mask.mean() for picture in draw(size=[side, side])]) for side in (96, 160)
    )
    assert 0.6 < large / small < 1.6


def test_no_particles_means_empty_masks() -> None:
    assert not any(picture.mask.any() for picture in draw(images=8, particles=0))
