"""Data sets: name in `params.yaml` -> the reader of how its archive lies on disk."""

DATASETS: dict[str, str] = {
    "aluminum": "frugalseg.data.sets.aluminum:Aluminum",
    "builtin": "frugalseg.data.sets.builtin:Builtin",
    "crack_segmentation": "frugalseg.data.sets.crack_segmentation:CrackSegmentation",
    "crackforest": "frugalseg.data.sets.crackforest:CrackForest",
    "folder": "frugalseg.data.sets.folder:Folder",
    "glas": "frugalseg.data.sets.glas:Glas",
    "kolektorsdd": "frugalseg.data.sets.kolektorsdd:KolektorSDD",
    "kolektorsdd2": "frugalseg.data.sets.kolektorsdd2:KolektorSDD2",
    "magnetic_tile": "frugalseg.data.sets.magnetic_tile:MagneticTile",
    "microct": "frugalseg.data.sets.microct:MicroCT",
}
