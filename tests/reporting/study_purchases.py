"""What a made-up round has bought, as the stage `label` writes it."""

from pathlib import Path

import numpy as np
import pandas as pd


def write_acquired(
    folder: Path, size: tuple[int, int], ids: list[str], place: int, *, scored: bool
) -> None:
    """Buy two whole images, others for every `place`; scored unless drawn at random."""
    height, width = size
    pool = [name for i, name in enumerate(ids) if i % 4 > 1]
    bought = [pool[(place + k) % len(pool)] for k in range(2)]
    table = pd.DataFrame({"image_id": [*bought, pool[0]], "y": 0, "x": 0})
    table = table.assign(height=height, width=width, pixels=height * width)
    table = table.assign(score=[0.9, 0.8, 0.1] if scored else np.nan, rank=[1, 2, 0])
    table.to_csv(folder / "acquired.csv", index=False)
    maps = np.full((2 * scored, height // 2, width // 2), 128, np.uint8)
    names = np.array(bought if scored else [], str)
    np.savez(folder / "acquired.npz", image_ids=names, maps=maps, peak=np.array(0.5))
