"""Tell the format of an export by its files, and read it."""

from importlib import import_module
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats import FORMATS
from frugalseg.ingest.formats.export import Export


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
    names = [name] if name else list(FORMATS)
    fitting = [one for one in names if import_module(FORMATS[one]).recognize(root)]
    if len(fitting) != 1:
        found = f"those of {' and '.join(fitting)}; say which with --format" if fitting else "none"
        raise FrugalsegError(
            f"{root}: expected the annotations of one of {', '.join(names)}, found {found}."
        )
    export: Export = import_module(FORMATS[fitting[0]]).read(root)
    return fitting[0], export
