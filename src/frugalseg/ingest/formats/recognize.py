"""Tell the format of an export by its files, and read it."""

from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.ingest.formats import FORMATS
from frugalseg.ingest.formats.export import Export, Format
from frugalseg.ingest.formats.files import Files


def read_export(root: Path, name: str | None = None) -> tuple[str, Export]:
    """Return the name of the format and the export.

    Args:
        root: folder with annotations and images.
        name: of `FORMATS`; None for the one that recognizes its files.

    Raises:
        FrugalsegError: no format or several do, or the export is malformed.
    """
    if not root.is_dir():
        raise FrugalsegError(f"{root}: expected a folder or a zip archive, found none.")
    formats: dict[str, Format] = {
        one: lookup(FORMATS, one, "format") for one in ([name] if name else FORMATS)
    }
    files = Files(root, [kind.keys for kind in formats.values() if kind.keys])
    fitting = [one for one, kind in formats.items() if kind.recognize(files)]
    if len(fitting) != 1:
        found = f"those of {' and '.join(fitting)}; say which with --format" if fitting else "none"
        raise FrugalsegError(
            f"{root}: expected the annotations of one of {', '.join(formats)}, found {found}."
        )
    return fitting[0], formats[fitting[0]].read(files)
