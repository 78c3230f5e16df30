"""Exports of annotation tools: name -> the module that recognizes and reads one."""

FORMATS: dict[str, str] = {
    "coco": "frugalseg.ingest.formats.coco",
    "labelme": "frugalseg.ingest.formats.labelme",
    "voc": "frugalseg.ingest.formats.voc",
    "yolo": "frugalseg.ingest.formats.yolo",
}
