"""GlaS (Warwick-QU): glands in stained tissue, numbered in the masks, with grades of the tissue."""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import bare_stem, find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

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

    name: ClassVar[str] = "glas"
    license: ClassVar[str] = "research only, no commercial use"
    citation: ClassVar[str] = (
        "Sirinukunwattana et al.: Gland segmentation in colon histology images: the GlaS challenge "
        "contest, Medical Image Analysis 35:489-502, 2017"
    )
    homepage: ClassVar[str] = "https://warwick.ac.uk/fac/sci/dcs/research/tia/glascontest/"
    archive_url: ClassVar[str | None] = (
        "https://warwick.ac.uk/fac/sci/dcs/research/tia/glascontest/download/"
        "warwick_qu_dataset_released_2016_07_08.zip"
    )
    archive_md5: ClassVar[str | None] = "495b2a9f3d694545fbec06673fb3f40f"
    mask_method: ClassVar[str] = "nonzero"

    classes: tuple[str, ...] = ("gland",)
    group_by: Literal["patient", "image"] = "patient"

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = _home(root)
        files = [file for file in list_files(home, {".bmp"}) if _NAME.fullmatch(file.stem)]
        masks = [file for file in files if file.stem.endswith("_anno")]
        images = [file for file in files if not file.stem.endswith("_anno")]
        pairs, problems = pair(images, masks, mask_key=bare_stem)
        table = read_grades(home / "Grade.csv") if (home / "Grade.csv").is_file() else {}
        needed = len(self.classes) > 1 or (table and self.group_by == "patient")
        if needed:
            problems += [f"no row in Grade.csv: {i}" for i, _ in pairs if i.stem not in table]
        refuse(home, problems)
        return [
            self._with_grade(replace(item, split=SPLITS[item.image_id.split("_")[0]]), table)
            for item in make_items(pairs)
        ]

    def _with_grade(self, item: Item, table: dict[str, tuple[str, str]]) -> Item:
        patient, grade = table.get(item.image.stem, ("", ""))
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
    """Read `Grade.csv`: (patient, grade) of each image, by its stem.

    The file ends its lines with a bare carriage return and has spaces before its fields.

    Raises:
        FrugalsegError: it lacks a column, or is not text.
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


def _home(root: Path) -> Path:
    return find_layout(
        root,
        lambda folder: any(_NAME.fullmatch(file.stem) for file in list_files(folder, {".bmp"})),
        "files train_1.bmp, train_1_anno.bmp, testA_1.bmp, ...",
    )
