"""Data sets: name in `params.yaml` -> the reader of how its archive lies on disk."""

DATASETS: dict[str, str] = {
    "aluminum": "frugalseg.ingest.readers.aluminum:Aluminum",
    "builtin": "frugalseg.ingest.readers.builtin:Builtin",
    "crack_segmentation": "frugalseg.ingest.readers.crack_segmentation:CrackSegmentation",
    "crackforest": "frugalseg.ingest.readers.crackforest:CrackForest",
    "folder": "frugalseg.ingest.readers.folder:Folder",
    "glas": "frugalseg.ingest.readers.glas:Glas",
    "kolektorsdd": "frugalseg.ingest.readers.kolektorsdd:KolektorSDD",
    "kolektorsdd2": "frugalseg.ingest.readers.kolektorsdd2:KolektorSDD2",
    "magnetic_tile": "frugalseg.ingest.readers.magnetic_tile:MagneticTile",
    "microct": "frugalseg.ingest.readers.microct:MicroCT",
}
