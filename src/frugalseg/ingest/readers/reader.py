"""The base of all readers: their facts, their options, and reading one item's pixels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check
from frugalseg.ingest.decode import MAX_PIXELS, read_orientation, turn
from frugalseg.ingest.images import PERCENTILES, read_with_notes
from frugalseg.ingest.listing import Unread, list_other_pictures, list_unread
from frugalseg.ingest.mask.raw import Palette, read_mask
from frugalseg.ingest.pairing import Key, Pairs, find_layout, image_id, pair, refuse, stem
from frugalseg.ingest.sample import Item, Sample
from frugalseg.settings.mask import MaskParams
from frugalseg.settings.problems import OptionsError, list_problems

Part = tuple[list[Item], list[str]]
"""Items of one part of a data set, and the problems of its files."""


@dataclass(frozen=True)
class Reader:
    """The reader of one data set: its facts, and how its archive lies on disk.

    A reader defines `parts`. Its fields are the options that `params.yaml` may set.

    Attributes:
        archive_url, archive_md5, archive_sha256: its archive, as far as public and known: a
            `source` for `params.yaml`, and the checksums of what it leads to.
        mask: how its raw masks become classes unless params.yaml says otherwise.
        mask_variable: the matrix of a `.mat` file that is the mask.
        layout: how the data set is recognized, for error messages.
        tables: what is read besides images and masks, relative to the data set.
        remedy: what to do where images and masks do not pair.
        classes: names of the foreground classes; class k of a mask is `classes[k - 1]`.
        max_pixels: pixels above which an image or mask is refused unread.
        percentiles, value_range: how images deeper than 8 bits are scaled, see `read_image`.
        palette: how palette masks are read, see `read_mask`; None: as gray levels (`gray`) by
            methods that go by brightness, else as indices.

    Example: photos beside masks called `<photo>_mask.png`.

        >>> from frugalseg.ingest.pairing import bare_stem, list_files
        >>> @dataclass(frozen=True)
        ... class Photos(Reader):
        ...     name, license, citation, homepage = "photos", "CC0", "", ""
        ...     layout = "PNG files, each with a mask <name>_mask.png"
        ...
        ...     def parts(self, home):
        ...         files = list_files(home, {".png"})
        ...         masks = [file for file in files if file.stem.endswith("_mask")]
        ...         images = [file for file in files if not file.stem.endswith("_mask")]
        ...         if files:
        ...             yield pair_items(images, masks, mask_key=bare_stem)
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     for name in ("a.png", "a_mask.png"):
        ...         (Path(folder) / name).touch()
        ...     [(item.image_id, item.mask.name) for item in Photos().items(Path(folder))]
        [('a', 'a_mask.png')]
    """

    name: ClassVar[str]
    license: ClassVar[str]
    citation: ClassVar[str]
    homepage: ClassVar[str]
    archive_url: ClassVar[str | None] = None
    archive_md5: ClassVar[str | None] = None
    archive_sha256: ClassVar[str | None] = None
    mask: ClassVar[MaskParams] = MaskParams(method="otsu")
    mask_variable: ClassVar[str | None] = None
    layout: ClassVar[str]
    tables: ClassVar[frozenset[str]] = frozenset()
    remedy: ClassVar[str] = "Give every image exactly one mask of its name, or leave the files out."

    classes: tuple[str, ...] = ("defect",)
    max_pixels: int = MAX_PIXELS
    percentiles: tuple[float, float] = PERCENTILES
    value_range: tuple[float, float] | None = None
    palette: Palette | None = None

    @classmethod
    def with_options(cls, options: Mapping[str, Any]) -> Self:
        """Return the reader with these options; one that is None keeps its default.

        Raises:
            OptionsError: options that the reader lacks, or whose values are wrong.
        """
        valid = {field.name: field for field in fields(cls)}
        problems = []
        for name in options:
            try:
                check(valid, name, "option")
            except FrugalsegError as error:
                problems.append(f"{name}: {error}")
        given = {k: v for k, v in options.items() if k in valid and v is not None}
        try:
            reader = TypeAdapter(cls).validate_python(given)
        except ValidationError as error:
            raise OptionsError(cls.name, problems + list_problems(error, given)) from None
        if problems:
            raise OptionsError(cls.name, problems)
        return reader

    def is_home(self, folder: Path) -> bool:
        """Say whether `folder` holds this data set; an archive may wrap it in other folders."""
        return any(items or problems for items, problems in self.parts(folder))

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the items and the problems of each part; nothing if `home` holds no data set."""
        raise NotImplementedError

    def near_names(self, folder: Path) -> Iterable[str]:
        """Yield a line for each entry of `folder` with nearly a name of the layout."""
        return ()

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the items with what only all of them together, or other files, tell."""
        return items

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`, an unpacked archive, in a fixed order, reading no pixels.

        Raises:
            FrugalsegError: naming all files at fault at once (orphans, duplicates), or no image.
        """
        home = find_layout(root, self.is_home, self.layout, self.near_names)
        items: list[Item] = []
        problems = list(self.near_names(home))
        for part, problems_of_part in self.parts(home):
            items += part
            problems += problems_of_part
        if problems:
            others = [kind.text() for kind in list_other_pictures(home)]
            refuse(home, others + problems, self.remedy)
        if all(item.split == "unlabeled" for item in items):
            raise FrugalsegError(f"{home}: no image with a mask. Expected {self.layout}.")
        return self.complete(items, home)

    def unread(
        self, root: Path, items: Sequence[Item], clutter: Sequence[str] = ()
    ) -> list[Unread]:
        """List what lies below `root` and is none of the files of `items`, see `list_unread`."""
        files = {file for item in items for file in (item.image, item.mask) if file}
        if self.tables:
            home = find_layout(root, self.is_home, self.layout)
            files |= {home / table for table in self.tables}
        return list_unread(root, files, clutter)

    def load(self, item: Item, mask: NDArray[Any] | None = None) -> Sample:
        """Read one item's image and, unless it was read before, its raw mask; thread-safe.

        Raises FrugalsegError, naming the file that cannot be read, or both if their sizes differ.
        """
        image, notes = read_with_notes(
            item.image,
            max_pixels=self.max_pixels,
            percentiles=self.percentiles,
            value_range=self.value_range,
        )
        mask = self.load_mask(item) if mask is None else mask
        if mask is not None and notes.orientation != 1:
            mask, turned_alone = _turn_with_image(item, mask, image.shape[:2], notes.orientation)
            notes = notes._replace(turned_alone=turned_alone)
        if mask is not None and mask.shape[:2] != image.shape[:2]:
            raise FrugalsegError(
                f"{item.mask}: a mask of {mask.shape[0]} x {mask.shape[1]} pixels (height x "
                f"width) for {item.image} of {image.shape[0]} x {image.shape[1]}. "
                "Give the mask the size of its image."
            )
        return Sample(image, mask, notes)

    def load_mask(self, item: Item) -> NDArray[Any] | None:
        """Read one item's raw mask alone, None if it has none; see `load`."""
        if item.mask is None:
            return None
        return read_mask(
            item.mask,
            max_pixels=self.max_pixels,
            palette=self.palette or "index",
            variable=self.mask_variable,
        )


def _turn_with_image(
    item: Item, mask: NDArray[Any], size: tuple[int, ...], orientation: int
) -> tuple[NDArray[Any], bool]:
    """Turn a mask that has the size of its image before that was turned by its EXIF orientation.

    Returns:
        The mask, and whether the image was turned alone: the mask has the size of both.
    """
    if item.mask is not None and read_orientation(item.mask) != 1:
        return mask, False
    turned = turn(mask, orientation)
    if mask.shape[:2] != size and turned.shape[:2] == size:
        return turned, False
    return mask, mask.shape[:2] == size


def make_items(pairs: Pairs, prefix: str = "", **facts: Any) -> list[Item]:
    """Return an item for each (image, mask), its id `prefix` and the image's stem.

    Args:
        facts: further fields of every item.
    """
    return [Item(image_id(prefix + image.stem), image, mask, **facts) for image, mask in pairs]


def pair_items(
    images: Sequence[Path],
    masks: Sequence[Path],
    prefix: str = "",
    *,
    mask_key: Key = stem,
    **facts: Any,
) -> Part:
    """Return the items of images and masks that pair by name, see `pair` and `make_items`."""
    pairs, problems = pair(images, masks, mask_key=mask_key)
    return make_items(pairs, prefix, **facts), problems


def unlabeled_items(images: Sequence[Path], names: Sequence[str]) -> list[Item]:
    """Return an item without a mask for each image, called `unlabeled/<name>`."""
    return [
        Item(image_id(f"unlabeled/{name}"), image, split="unlabeled")
        for image, name in zip(images, names, strict=True)
    ]
