"""Exports of annotation tools: name -> the `Format` that recognizes and reads one."""

FORMATS: dict[str, str] = {
    "coco": "frugalseg.ingest.formats.coco:FORMAT",
    "labelme": "frugalseg.ingest.formats.labelme:FORMAT",
    "voc": "frugalseg.ingest.formats.voc:FORMAT",
    "yolo": "frugalseg.ingest.formats.yolo:FORMAT",
}
