"""Exports of annotation tools: name -> the `Format` that recognizes and reads one."""

FORMATS: dict[str, str] = {
    "camvid": "frugalseg.ingest.formats.camvid:FORMAT",
    "cityscapes": "frugalseg.ingest.formats.cityscapes:FORMAT",
    "coco": "frugalseg.ingest.formats.coco:FORMAT",
    "cvat": "frugalseg.ingest.formats.cvat:FORMAT",
    "datumaro": "frugalseg.ingest.formats.datumaro:FORMAT",
    "labelme": "frugalseg.ingest.formats.labelme:FORMAT",
    "voc": "frugalseg.ingest.formats.voc:FORMAT",
    "yolo": "frugalseg.ingest.formats.yolo:FORMAT",
}
