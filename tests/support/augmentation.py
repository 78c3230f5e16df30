"""Augmentations for tests, with crops smaller than a network takes."""

from frugalseg.settings.training import AffineParams, AugmentParams, CropParams


def augment(
    *,
    hflip: float = 0.0,
    vflip: float = 0.0,
    rot90: bool = False,
    affine: AffineParams | None = None,
    crop: tuple[int, int] | None = None,
    foreground: float = 0.0,
    jitter: float = 0.0,
    brightness: float = 0.0,
    contrast: float = 0.0,
) -> AugmentParams:
    made = CropParams.model_construct(size=crop, foreground=foreground, jitter=jitter)
    return AugmentParams.model_construct(
        hflip=hflip,
        vflip=vflip,
        rot90=rot90,
        affine=affine,
        crop=made if crop else None,
        brightness=brightness,
        contrast=contrast,
    )
