"""GlaS (Warwick-QU): glands in stained tissue, numbered in the masks, with grades of the tissue."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import bare_stem, list_files, refuse
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

SPLITS = {"train": "train", "testA": "test", "testB": "test"}
GRADE_COLUMNS = ("name", "patient ID", "grade (GlaS)")
_NAME = re.compile(r"(train|testA|testB)_\d+(_anno)?")


@dataclass(frozen=True)
class Glas(Reader):
    """Layout: `train_N.bmp` + `train_N_anno.bmp`, `testA_N`, `testB_N` likewise, `Grade.csv`.

    Masks number the glands, 0 is background. The official split is by image: most patients are in
    both training and test images.

    Attributes:
        classes: one class for all glands, or `benign` and `malignant` by the grade of the image.
        group_by: `patient`: the images of one patient are a group; `image`: each is its own.
    """

    name = "glas"
    license = "research only, no commercial use"
    citation = (
        "Sirinukunwattana et al.: Gland segmentation in colon histology images: the GlaS challenge "
        "contest, Medical Image Analysis 35:489-502, 2017"
    )
    homepage = "https://warwick.ac.uk/fac/sci/dcs/research/tia/glascontest/"
    archive_url = (
        "https://warwick.ac.uk/fac/sci/dcs/research/tia/glascontest/download/"
        "warwick_qu_dataset_released_2016_07_08.zip"
    )
    archive_md5 = "495b2a9f3d694545fbec06673fb3f40f"
    mask = MaskParams(method="nonzero")
    layout = "files train_1.bmp, train_1_anno.bmp, testA_1.bmp, ..."
    tables = frozenset({"Grade.csv"})

    classes: tuple[str, ...] = ("gland",)
    group_by: Literal["patient", "image"] = "patient"

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the images of all official splits."""
        files = [file for file in list_files(home, {".bmp"}) if _NAME.fullmatch(file.stem)]
        masks = [file for file in files if file.stem.endswith("_anno")]
        images = [file for file in files if not file.stem.endswith("_anno")]
        yield pair_items(images, masks, mask_key=bare_stem)

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the items with their split, patient and grade."""
        table = read_grades(home / "Grade.csv") if (home / "Grade.csv").is_file() else {}
        if len(self.classes) > 1 or (table and self.group_by == "patient"):
            missing = [f"no row in Grade.csv: {i.image}" for i in items if i.image_id not in table]
            refuse(home, missing, "Add the rows, or leave the images out.")
        return [self._with_grade(item, *table.get(item.image_id, ("", ""))) for item in items]

    def _with_grade(self, item: Item, patient: str, grade: str) -> Item:
        item = replace(item, split=SPLITS[item.image_id.split("_")[0]])
        if len(self.classes) > 1:
            if grade not in self.classes:
                raise FrugalsegError(
                    f"{item.image}: its grade is {grade!r}, the classes are "
                    f"{', '.join(self.classes)}. Name the grades as classes, or one class only."
                )
            item = replace(item, image_label=(self.classes.index(grade) + 1,))
        by_patient = self.group_by == "patient" and patient
        return replace(item, group=f"patient-{patient}") if by_patient else item


def read_grades(table: Path) -> dict[str, tuple[str, str]]:
    """Read `Grade.csv`: stem -> (patient, grade); raises FrugalsegError if it is malformed.

    The file ends its lines with a bare carriage return and has spaces before its fields.
    """
    try:
        lines = table.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FrugalsegError(f"{table}: expected the table of grades ({error}).") from error
    rows = [[field.strip() for field in row] for row in csv.reader(lines) if any(row)]
    header = rows[0] if rows else []
    if not set(GRADE_COLUMNS) <= set(header):
        raise FrugalsegError(f"{table}: expected the columns {GRADE_COLUMNS}, found {header}.")
    name, patient, grade = (header.index(column) for column in GRADE_COLUMNS)
    short = [number for number, row in enumerate(rows, 1) if len(row) <= max(name, patient, grade)]
    if short:
        raise FrugalsegError(f"{table}: rows {short} lack fields, {len(header)} are expected.")
    return {row[name]: (row[patient], row[grade]) for row in rows[1:]}
