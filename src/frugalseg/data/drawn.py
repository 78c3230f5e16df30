"""What people draw on images in place of masks; the kinds are those of `frugalseg.data.kinds`."""

from collections.abc import Callable
from zlib import compress, decompress

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.core.rows import Rows
from frugalseg.data.kinds import KINDS
from frugalseg.data.kinds.drawing import Drawing
from frugalseg.data.ledger import COLUMNS, add_rows
from frugalseg.data.stack import row_of

Mask = NDArray[np.uint8]


def draw(kind: str, image_id: str, mask: Mask) -> Drawing:
    """Return what is drawn on an image: the same in every seed and arm, as its mask is.

    Args:
        kind: a key of `KINDS`. mask: uint8, H x W; 0 background, k class k, 255 ignored.
    """
    function: Callable[..., Drawing] = lookup(KINDS, kind, "kind of label")
    return function(mask, generator("drawn", kind, image_id))


def buy_drawings(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    image_ids: list[str],
    kind: str,
    masks: Rows,
    *,
    round_: int,
    part: str,
) -> pd.DataFrame:
    """Return the ledger with what is drawn on `image_ids` added, one row an image.

    Its column `marks` counts the strokes, points or boxes, and `pixels` those that they label.

    Args:
        kind: a key of `frugalseg.data.kinds.KINDS`. masks: of the stack, to draw after.
    """
    facts = index.set_index("image_id")[["row", "stack_height", "stack_width"]]
    rows = []
    for name in image_ids:
        row, height, width = map(int, facts.loc[name])
        drawing = draw(kind, name, masks[np.array([row])][0])
        pixels = int((drawing.target != IGNORE).sum())
        rows.append((round_, name, part, kind, 0, 0, height, width, pixels, drawing.marks))
    bought = pd.DataFrame(rows, columns=[*COLUMNS, "marks"])
    return add_rows(ledger, bought.astype({"marks": "Int64"}))


class Drawings:
    """The drawings that a ledger has bought, by row of the stack."""

    def __init__(self, index: pd.DataFrame, ledger: pd.DataFrame) -> None:
        """Take the rows of `ledger` whose unit is a kind; no mask is read."""
        bought = ledger[ledger["unit"].isin(list(KINDS))]
        rows = row_of(index)
        self._bought = {
            int(rows.loc[name]): (kind, name)
            for kind, name in zip(bought["unit"], bought["image_id"], strict=True)
        }
        self._kept: dict[int, tuple[bytes, Drawing]] = {}

    def __contains__(self, row: int) -> bool:
        """Return whether anything was drawn on the image of a row."""
        return row in self._bought

    def get(self, row: int, mask: Mask) -> Drawing:
        """Return what was drawn on the image of a row that has this mask."""
        if row not in self._kept:  # small when packed, and slow to draw again at every step
            drawing = draw(*self._bought[row], mask)
            nothing = np.zeros(0, np.uint8)
            self._kept[row] = compress(drawing.target.tobytes()), drawing._replace(target=nothing)
        packed, drawing = self._kept[row]
        target = np.frombuffer(decompress(packed), np.uint8).reshape(mask.shape)
        return drawing._replace(target=target)
