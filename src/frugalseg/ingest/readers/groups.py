"""The table `groups.csv`: which images belong together."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import normalize, refuse
from frugalseg.ingest.sample import Item

COLUMNS = ("image", "group")


def group_items(items: Sequence[Item], table: Path) -> list[Item]:
    """Return the items with their groups of `table`, see `read_groups`.

    Raises:
        FrugalsegError: as `read_groups`; a name of no image, or an image in two groups.
    """
    groups_of = read_groups(table)
    names_of = {
        item.image: {normalize(n) for n in (item.image.name, item.image.stem)} for item in items
    }
    unknown = sorted(set(groups_of) - set().union(*names_of.values()))
    problems = [f"{table}: no image of the name {name}" for name in unknown]
    found = {
        image: sorted(set().union(*(groups_of.get(name, set()) for name in names)))
        for image, names in names_of.items()
    }
    problems += [
        f"{table}: {image} is in the groups {' and '.join(groups)}"
        for image, groups in found.items()
        if len(groups) > 1
    ]
    refuse(table.parent, problems, f"Name images of the data set in {table.name}, each once.")
    return [replace(item, group=next(iter(found[item.image]), None)) for item in items]


def read_groups(table: Path) -> dict[str, set[str]]:
    """Read `groups.csv`: file name or stem of an image -> its groups, which should be one.

    A row without a group leaves its image alone.

    Raises:
        FrugalsegError: not UTF-8, a quote that is not closed, no such columns, a short row.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, strict=True) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FrugalsegError(
            f"{table}: expected a CSV file in UTF-8 ({error}). Close every quote, and "
            "export it again."
        ) from error
    header = [name.strip() for name in rows[0]] if rows else []
    if not set(COLUMNS) <= set(header):
        raise FrugalsegError(
            f"{table}: expected the columns image and group, separated by a comma, found "
            f"{header or 'no rows'}."
        )
    image, group = map(header.index, COLUMNS)
    short = [row for row in rows if len(row) <= max(image, group)]
    if short:
        raise FrugalsegError(
            f"{table}: expected {len(header)} fields in every row, found {short[0]}. Give each "
            "image its group."
        )
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows[1:]:
        if row[image].strip():
            groups[normalize(row[image].strip())] |= {row[group].strip()} - {""}
    return dict(groups)
