"""Shapes of defects, and of things that only look like them, as coverage maps.

Each drawing function has the signature of `Shape` and returns float32 coverage, H x W, 0 to 1.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from frugalseg.ingest.synthetic.textures import Field, Size, smooth_noise

Shape = Callable[[Size, np.random.Generator], Field]
Points = NDArray[np.float64]

STEP = 0.5
"""Pixels between two points of a path."""


def stroke(points_N_2: Points, widths_N: NDArray[np.float64], size: Size) -> Field:
    """Return the coverage of a line through `points_N_2` (row, column) that is `widths_N` wide."""
    reach = widths_N.max() / 2 + 1
    low = np.clip(np.floor(points_N_2.min(axis=0) - reach), 0, size).astype(int)
    high = np.clip(np.ceil(points_N_2.max(axis=0) + reach) + 1, 0, size).astype(int)
    box = (slice(low[0], high[0]), slice(low[1], high[1]))
    cover = np.zeros(size, dtype=np.float32)
    pixels = np.mgrid[box].reshape(2, -1).T
    if len(pixels):
        distance, nearest = KDTree(points_N_2).query(pixels, distance_upper_bound=reach)
        # a pixel out of reach has an infinite distance, and an index one past the last point
        half = np.append(widths_N, 0.0)[nearest] / 2
        cover[box] = np.clip(half + 0.5 - distance, 0, 1).reshape(cover[box].shape)
    return cover


def path(start: Points, headings_N: NDArray[np.float64]) -> Points:
    """Return the points of a walk from `start` that takes a step along every heading (radians)."""
    steps = STEP * np.stack([np.sin(headings_N), np.cos(headings_N)], axis=1)
    return start + np.cumsum(steps, axis=0)


def _place(size: Size, rng: np.random.Generator) -> Points:
    """Return a point well inside the picture."""
    return np.asarray(rng.uniform(0.15, 0.85, 2) * np.array(size))


def scratch(size: Size, rng: np.random.Generator) -> Field:
    """Draw a thin, slightly bent line that tapers at both ends."""
    count = int(rng.uniform(24, 60) / STEP)
    bend = rng.normal(0, 0.012) * np.arange(count) * STEP
    heading = rng.uniform(0, 2 * np.pi) + bend + rng.normal(0, 0.05, count)
    points = path(np.zeros(2), heading)
    points += _place(size, rng) - points[count // 2]
    taper = np.sin(np.linspace(0.15, np.pi - 0.15, count)) ** 0.5
    return stroke(points, rng.uniform(3.0, 5.0) * taper, size)


def crack(size: Size, rng: np.random.Generator) -> Field:
    """Draw a jagged line of changing width with up to two branches."""
    count = int(rng.uniform(32, 80) / STEP)
    trunk = _jagged(np.zeros(2), rng.uniform(0, 2 * np.pi), count, rng)
    trunk += _place(size, rng) - trunk[count // 2]
    width = rng.uniform(3.0, 5.0)
    cover = stroke(trunk, _ragged(width, count, rng), size)
    for _ in range(rng.integers(3)):
        fork = int(rng.integers(count // 4, 3 * count // 4))
        along = trunk[fork] - trunk[fork - 8]
        heading = np.arctan2(*along) + rng.choice([-1, 1]) * rng.uniform(0.4, 1.1)
        length = int(count * rng.uniform(0.2, 0.5))
        branch = _jagged(trunk[fork], heading, length, rng)
        cover = np.maximum(cover, stroke(branch, _ragged(0.7 * width, length, rng), size))
    return cover


def _jagged(start: Points, heading: float, count: int, rng: np.random.Generator) -> Points:
    """Walk in short straight runs, each off the main heading."""
    runs = rng.normal(0, 0.55, count // 8 + 1)
    return path(start, heading + np.repeat(runs, 8)[:count] + rng.normal(0, 0.2, count))


def _ragged(width: float, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return widths that wander about `width` and thin out towards the end."""
    knots = rng.uniform(0.6, 1.3, count // 10 + 2)
    wander = np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)
    return np.maximum(width * wander * np.linspace(1.1, 0.7, count), 1.5)


def pit(size: Size, rng: np.random.Generator) -> Field:
    """Draw one to four small round holes close together."""
    center = _place(size, rng)
    cover = np.zeros(size, dtype=np.float32)
    for _ in range(rng.integers(1, 5)):
        spot = _disk(center, rng.uniform(3.5, 7), size, rng, roughness=0.12)
        cover = np.maximum(cover, spot)
        center = center + rng.normal(0, 11, 2)
    return cover


def stain(size: Size, rng: np.random.Generator) -> Field:
    """Draw a patch with a ragged outline and an uneven inside."""
    patch = _disk(_place(size, rng), rng.uniform(8, 16), size, rng, roughness=0.22, edge=2.5)
    return np.asarray(patch * np.clip(0.85 + 0.2 * smooth_noise(size, 2.5, rng), 0.5, 1))


def shadow(size: Size, rng: np.random.Generator) -> Field:
    """Draw a wide patch without an outline; not a defect."""
    return _disk(_place(size, rng), rng.uniform(10, 24), size, rng, roughness=0.3, edge=14)


def groove(size: Size, rng: np.random.Generator) -> Field:
    """Draw a straight hairline across the picture, as tools and joints leave it; not a defect."""
    angle = rng.uniform(0, np.pi)
    center = _place(size, rng)
    rows, columns = np.indices(size)
    distance = np.abs((rows - center[0]) * np.cos(angle) - (columns - center[1]) * np.sin(angle))
    return np.asarray(np.clip(rng.uniform(1.0, 2.2) + 0.5 - distance, 0, 1), np.float32)


def dust(size: Size, rng: np.random.Generator) -> Field:
    """Draw a handful of single grains; not a defect."""
    cover = np.zeros(size, dtype=np.float32)
    count = int(rng.integers(3, 12))
    cover[rng.integers(size[0], size=count), rng.integers(size[1], size=count)] = 1
    return cover


def _disk(
    center: Points,
    radius: float,
    size: Size,
    rng: np.random.Generator,
    *,
    roughness: float,
    edge: float = 1.0,
) -> Field:
    """Return an ellipse around `center`; its outline varies by `roughness` radii, `edge` wide."""
    turn, flatness = rng.uniform(0, np.pi), rng.uniform(0.6, 1.0)
    rows, columns = np.indices(size)
    down, right = rows - center[0], columns - center[1]
    long_axis = np.cos(turn) * down + np.sin(turn) * right
    short_axis = (np.cos(turn) * right - np.sin(turn) * down) / flatness
    outline = radius * (1 + roughness * smooth_noise(size, max(2.0, radius / 2), rng))
    cover = np.clip((outline - np.hypot(long_axis, short_axis)) / edge + 0.5, 0, 1)
    return np.asarray(cover, np.float32)
