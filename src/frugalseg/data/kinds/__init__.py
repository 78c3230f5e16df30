"""Kinds of labels that are drawn on an image in place of its mask, the most telling first.

Each is a function of a mask and a random generator, which returns a `Drawing`.
"""

KINDS = {
    "scribbles": "frugalseg.data.kinds.scribbles:draw",
    "points": "frugalseg.data.kinds.points:draw",
    "boxes": "frugalseg.data.kinds.boxes:draw",
}
