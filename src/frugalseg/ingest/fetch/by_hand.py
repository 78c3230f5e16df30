"""Sources behind a login or a form: `kaggle:OWNER/DATASET` and `manual:ADDRESS`."""

import logging
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from frugalseg.core.errors import FrugalsegError

KAGGLE, MANUAL = "kaggle:", "manual:"

_LOG = logging.getLogger(__name__)
_DATASET = re.compile(r"[A-Za-z0-9_][\w.-]*/[A-Za-z0-9_][\w.-]*", re.ASCII)


def find_by_hand(source: str, target: Path, search: Sequence[Path]) -> Path | None:
    """Return the archive that a user has put in a folder of `search`; None if there is none."""
    places = (folder / archive_name(source, target) for folder in search)
    return next((place for place in places if place.is_file()), None)


def archive_name(source: str, target: Path) -> str:
    """Return the name under which a browser saves the archive of `source`."""
    last = PurePosixPath(unquote(urlsplit(source.partition(":")[2]).path)).name
    if source.startswith(KAGGLE):
        return f"{last}.zip"
    return last if last.lower().endswith(".zip") else target.name


def missing(source: str, target: Path, search: Sequence[Path], why: str) -> FrugalsegError:
    """Return the error that says what to fetch, from which page, and where to put it."""
    page = source.partition(":")[2]
    if source.startswith(KAGGLE):
        page = f"https://www.kaggle.com/datasets/{page}"
    places = [folder / archive_name(source, target) for folder in search] or [target]
    return FrugalsegError(
        f"{source}: has to be fetched by hand, since {why}. Open {page} , log in or fill in the "
        "form if it asks for that, download the archive (zip), and put it at "
        f"{' or '.join(map(str, places))}; or set `file:PATH` as the source. Then run again."
    )


def fetch_kaggle(source: str, part: Path) -> str:
    """Download `kaggle:OWNER/DATASET` to `part` with the kaggle program, if it can be used.

    Returns:
        Why it failed; "" if it did not.

    Raises:
        FrugalsegError: the source names no data set.
    """
    dataset = source.removeprefix(KAGGLE)
    if not _DATASET.fullmatch(dataset):
        raise FrugalsegError(f"{source}: expected kaggle:OWNER/DATASET, as in the page's address.")
    program = shutil.which("kaggle")
    if program is None:
        return "the program `kaggle` is not installed"
    with tempfile.TemporaryDirectory(prefix=f".{part.name}.", dir=part.parent) as folder:
        command = [program, "datasets", "download", dataset, "-p", folder]
        _LOG.info("%s: downloading by %s", source, program)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        archives = list(Path(folder).glob("*.zip"))
        if done.returncode or len(archives) != 1:
            return f"the program `kaggle` failed: {(done.stderr or done.stdout).strip()[-500:]}"
        archives[0].replace(part)
    return ""
