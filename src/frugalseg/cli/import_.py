"""Turn the export of an annotation tool into a folder of images and masks.

Example:
  frugalseg import coco-export/ --out my-images
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural
from frugalseg.ingest.formats import FORMATS


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg import`."""
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="folder or zip archive, with the images in it"
    )
    parser.add_argument(
        "--format", choices=sorted(FORMATS), help="default: the one that its files tell"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a folder that does not exist yet"
    )


def run(options: Namespace) -> str:
    """Write the folder, or nothing if an image cannot be imported."""
    from frugalseg.ingest.archive.archives import extract
    from frugalseg.ingest.formats.recognize import read_export
    from frugalseg.ingest.formats.write import params_entry, write_folder
    from frugalseg.settings.dataset import LimitParams

    source, out = options.source, options.out.absolute()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise FrugalsegError(f"{options.out} is not an empty folder. Name a new one.")
    with TemporaryDirectory() as folder:
        root = source
        if source.is_file():
            root = Path(folder, "export")
            extract(source, root, LimitParams())
        try:
            name, export = read_export(root, options.format)
            write_folder(export, out)
        except FrugalsegError as error:
            # unpacked files are gone by the time this is read
            text = str(error).replace(str(root), str(source))
            where = "" if str(source) in text else f"{source}: "
            raise FrugalsegError(f"{where}{text}") from error
        except OSError as error:
            raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    empty = sum(one.regions is not None and not one.regions for one in export.images)
    note = f", {empty} of them annotated as holding nothing" if empty else ""
    entry = params_entry(export, options.out)
    return (
        f"{plural(len(export.images), 'image')} of {name} in {options.out}{note}. The entry for "
        f"params.yaml:\n{entry}"
    )
