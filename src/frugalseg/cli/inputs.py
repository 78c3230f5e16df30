"""The images that a user names by file, folder or pattern, and the names of their outputs."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.names import is_clutter


@dataclass(frozen=True)
class Job:
    """One image, and the path that the names of its outputs begin with."""

    image: Path
    base: Path


def find_jobs(names: Sequence[str], out: Path, suffixes: frozenset[str]) -> list[Job]:
    """Return the images in the order of `names`; those of a folder sorted by name.

    A folder stands for the images in and below it but for clutter (see `is_clutter`), and its
    outputs keep their place below `out`. A file is taken whatever its suffix, and even if it is
    missing: reading it then fails. Outputs of an earlier run are not taken for images.

    Raises:
        FrugalsegError: no image, or two whose outputs would have the same name.
    """
    from frugalseg.inference.outputs import output_files

    named = {job.image.resolve(): job for name in names for job in _expand(name, out, suffixes)}
    outputs = {p.resolve() for job in named.values() for p in output_files(job.base, probs=True)}
    jobs = [job for path, job in named.items() if path not in outputs]
    if not jobs:
        raise FrugalsegError(
            f"no image found in {', '.join(names)}. Images end in {', '.join(sorted(suffixes))}."
        )
    images: dict[Path, Path] = {}
    for job in jobs:
        other = images.setdefault(job.base, job.image)
        if other != job.image:
            raise FrugalsegError(
                f"{other} and {job.image} would have outputs of one name, {job.base}. Predict them "
                "into two folders, or name the folder of both."
            )
    return jobs


def _expand(name: str, out: Path, suffixes: frozenset[str]) -> list[Job]:
    path = Path(name)
    if path.is_dir():
        return _folder(path, out, suffixes)
    if path.exists() or not glob.has_magic(name):
        return [Job(path, out / path.stem)]
    # Path.glob takes no absolute pattern
    matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207
    if not matches:
        raise FrugalsegError(f"nothing matches {name!r}. Name files, folders or another pattern.")
    return [
        Job(file, out / file.stem)
        for file in matches
        if file.suffix.lower() in suffixes and not file.is_dir()
    ]


def _folder(folder: Path, out: Path, suffixes: frozenset[str]) -> list[Job]:
    is_inside = folder.resolve() in out.resolve().parents
    return [
        Job(file, out / file.relative_to(folder).with_suffix(""))
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in suffixes
        and not is_clutter(file.relative_to(folder).as_posix())
        and file.is_file()
        and not (is_inside and file.resolve().is_relative_to(out.resolve()))
    ]
