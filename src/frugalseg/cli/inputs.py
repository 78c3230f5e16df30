"""Which images a user means: files, folders and patterns, and the names that their outputs get."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError


@dataclass(frozen=True)
class Job:
    """One image, and the path that the names of its outputs begin with."""

    image: Path
    base: Path


def find_jobs(given: Sequence[str], out: Path, suffixes: frozenset[str]) -> list[Job]:
    """Return the images that are meant, in the order given; those of a folder by name.

    A folder stands for the images in it and below, and its outputs keep their place below `out`.
    A file that is named is a job whatever its suffix is, and if it is missing: whoever reads it
    says so.

    Raises:
        FrugalsegError: no image at all, or two whose outputs would have one name.
    """
    jobs = [job for text in given for job in _expand(text, out, suffixes)]
    jobs = _without_outputs(list({job.image.resolve(): job for job in jobs}.values()))
    if not jobs:
        raise FrugalsegError(
            f"no image found in {', '.join(given)}. Images end in {', '.join(sorted(suffixes))}."
        )
    images: dict[Path, Path] = {}
    for job in jobs:
        other = images.setdefault(job.base, job.image)
        if other != job.image:
            raise FrugalsegError(
                f"{other} and {job.image} would have outputs of one name, {job.base}. Predict them "
                "into two folders, or give the folder that both lie in."
            )
    return jobs


def _without_outputs(jobs: list[Job]) -> list[Job]:
    """Leave out what an earlier run made of the other images, beside them."""
    from frugalseg.inference.outputs import output_files

    made = {file.resolve() for job in jobs for file in output_files(job.base, probs=True)}
    return [job for job in jobs if job.image.resolve() not in made]


def _expand(text: str, out: Path, suffixes: frozenset[str]) -> list[Job]:
    path = Path(text)
    if path.is_dir():
        return _folder(path, out, suffixes)
    if path.exists() or not glob.has_magic(text):
        return [Job(path, out / path.stem)]
    # Path.glob takes no absolute pattern
    matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207
    if not matches:
        raise FrugalsegError(f"nothing matches {text!r}. Name files, folders or another pattern.")
    files = [Path(match) for match in matches if not Path(match).is_dir()]
    return [Job(file, out / file.stem) for file in files if file.suffix.lower() in suffixes]


def _folder(folder: Path, out: Path, suffixes: frozenset[str]) -> list[Job]:
    own = out.resolve()  # a second run does not take the masks of the first for images
    inside = folder.resolve() in own.parents
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in suffixes)
    return [
        Job(file, out / file.relative_to(folder).with_suffix(""))
        for file in files
        if file.is_file() and not (inside and own in file.resolve().parents)
    ]
