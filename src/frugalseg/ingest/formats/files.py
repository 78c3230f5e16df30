"""The files of an export: listed once, its JSON parsed once, its XML without a DTD."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.names import is_clutter
from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import normalize

MAX_BYTES = 2 << 30
"""Largest file of annotations that is read; the largest public one has 1.1 GB."""
MAX_DEPTH = 32
"""Most elements of an XML file that lie in each other."""
_HEAD = 4096
_EMBEDDED = "imageData"
"""The image in a file of LabelMe, which nothing reads."""


class Files:
    """The files below a folder, and the images among them by the names that an export gives them.

    Attributes:
        root: the folder. paths: all files, without clutter, see `is_clutter`. images: those that
            are pictures.
    """

    def __init__(self, root: Path, kinds: Collection[Collection[str]] = ()) -> None:
        """List the files.

        Args:
            kinds: for each kind of JSON file that will be asked for, the keys of its object.
        """
        self.root = root
        self.paths = [
            path
            for path in sorted(root.rglob("*"))
            if not is_clutter(path.relative_to(root).as_posix()) and path.is_file()
        ]
        self.images = [path for path in self.paths if path.suffix.lower() in SUFFIXES]
        self._kinds = [frozenset(keys) for keys in kinds]
        self._objects: dict[Path, dict[str, Any]] | None = None
        self._by_name: dict[str, list[Path]] = {}
        for path in self.images:
            self._by_name.setdefault(normalize(path.name), []).append(path)

    def json(self, keys: Collection[str]) -> list[tuple[Path, dict[str, Any]]]:
        """Return the JSON files whose objects have all `keys`, with their content.

        Only objects of one of the kinds are kept once they are parsed.

        Raises:
            FrugalsegError: a file that is not JSON.
        """
        if self._objects is None:
            paths = [path for path in self.paths if path.suffix.lower() == ".json"]
            contents = ((path, read_object(path)) for path in paths)
            self._objects = {
                path: content
                for path, content in contents
                if content and any(kind <= content.keys() for kind in self._kinds)
            }
        kind = set(keys)
        return [item for item in self._objects.items() if kind <= item[1].keys()]

    def xml(self, tag: str) -> list[Path]:
        """Return the XML files at whose beginning an element `tag` opens."""
        paths = [path for path in self.paths if path.suffix.lower() == ".xml"]
        return [path for path in paths if f"<{tag}>".encode() in read_bytes(path, _HEAD)]

    def find(self, name: str, near: Path, split: str | None = None) -> Path:
        """Return the image whose path ends like `name`.

        Of several it is the one below `near`, or in a folder called like `split`. A name never
        leads out of the folder: it is only compared.

        Raises:
            FrugalsegError: there is none, or more than one.
        """
        parts = normalize(name).replace("\\", "/").split("/")
        same, found = self._by_name.get(parts[-1], []), []
        for count in range(len(parts), 0, -1):
            found = [p for p in same if [normalize(q) for q in p.parts[-count:]] == parts[-count:]]
            found = [p for p in found if p.is_relative_to(near)] or found
            found = [p for p in found if split and split in p.parent.name.lower()] or found
            if found:
                break
        if len(found) == 1:
            return found[0]
        raise FrugalsegError(
            f"{near}: expected one image called {name[:200]!r}, found {len(found)}. Put the "
            "images of the export beside its annotations."
        )


def read_bytes(path: Path, count: int = -1) -> bytes:
    """Return the content of a file of annotations, or its first `count` bytes.

    Raises:
        FrugalsegError: it cannot be read, or has more than `MAX_BYTES`.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FrugalsegError(
                f"{path}: {size} bytes, more than {MAX_BYTES}. Export it in parts."
            )
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        raise FrugalsegError(f"{path}: cannot be read ({error}).") from error


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file without the space around them.

    Raises:
        FrugalsegError: it cannot be read, or is not UTF-8.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except ValueError as error:
        raise FrugalsegError(f"{path}: expected text in UTF-8 ({error}).") from error
    return [line.strip() for line in text.splitlines()]


def read_object(path: Path) -> dict[str, Any] | None:
    """Return what a JSON file holds if it is an object, else None; without an embedded image.

    Raises:
        FrugalsegError: it is not JSON.
    """
    try:
        content = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FrugalsegError(f"{path}: cannot be read as JSON ({error}).") from error
    if not isinstance(content, dict):
        return None
    return {key: value for key, value in content.items() if key != _EMBEDDED}


def read_xml(path: Path) -> Element:
    """Return the root of an XML file.

    A DTD is refused before it is read, so there are no entities that could grow or fetch other
    files (as in `defusedxml`). The file is parsed in one piece: expat reads a long attribute again
    for each piece (CVE-2023-52425).

    Raises:
        FrugalsegError: it is not XML, has a DTD, or more than `MAX_DEPTH` nested elements.
    """
    builder, parser, depth = TreeBuilder(), expat.ParserCreate(), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FrugalsegError(f"{path}: more than {MAX_DEPTH} nested elements.")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> None:
        raise FrugalsegError(f"{path}: has a document type (DTD), which is not read. Remove it.")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(read_bytes(path), True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FrugalsegError(f"{path}: cannot be read as XML ({error}).") from error
