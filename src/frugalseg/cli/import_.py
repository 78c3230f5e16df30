"""Turn the export of an annotation tool into a folder of images and masks.

Example:
  frugalseg import coco-export/ --out my-images
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from frugalseg.cli.values import raise_failures
from frugalseg.core.errors import FrugalsegError
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
    """Write the folder; raise at the end if images could not be written."""
    from frugalseg.ingest.archive.archives import extract
    from frugalseg.ingest.formats.recognize import read_export
    from frugalseg.ingest.formats.write import params_entry, write_folder
    from frugalseg.settings.dataset import LimitParams

    if options.out.exists() and any(options.out.iterdir()):
        raise FrugalsegError(f"{options.out} is not empty. Name a new folder.")
    with TemporaryDirectory() as folder:
        root = options.source
        if root.is_file():
            root = Path(folder, "export")
            extract(options.source, root, LimitParams())
        name, export = read_export(root, options.format)
        try:
            problems = write_folder(export, options.out)
        except OSError as error:
            raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    count = len(export.images) - len(problems)
    raise_failures(problems, "images could not be written", f"{count} images in {options.out}")
    entry = params_entry(export, options.out)
    return f"{count} images of {name} in {options.out}. The entry for params.yaml:\n{entry}"
