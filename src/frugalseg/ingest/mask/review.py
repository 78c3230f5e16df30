"""Whether the mask files of a data set are coded alike, and what to write where they are not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from frugalseg.core.constants import DRAWN, IGNORE, UNLABELED
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural, some
from frugalseg.ingest.mask.methods import METHODS
from frugalseg.ingest.mask.values import Kind, MaskValues
from frugalseg.settings.mask import MaskParams

NOISE = 16
"""Gray levels that noise around an even ground stays below."""
HIGH_SHARE = 0.6
"""Share of foreground above which masks look inverted."""
FULL, SMALL, MOST = 0.8, 0.2, 0.9
"""Masks of at least the share `FULL` look inverted if `MOST` of the others have at most `SMALL`."""
_KINDS = 10
_NAMEABLE = 20
READINGS = {
    "nonzero": "every value but 0 is the defect: mask: {method: nonzero}",
    "values": "the values are numbers of classes, or one means 'no label': mask: {values: {%s}}",
    "threshold": "what lies above a gray level is the defect, and the rest is edge or noise: mask: "
    "{threshold: %g}",
    "otsu_image": "every file has gray levels of its own: mask: {method: otsu_image}",
}


@dataclass
class MaskFile:
    """A mask file: its values, and what became of them.

    Attributes:
        name: relative to the data set's folder.
        foreground, labeled, pixels: pixels of a class; not IGNORE; all.
    """

    name: str
    values: MaskValues
    foreground: int = 0
    labeled: int = 0
    pixels: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether it holds something, and no pixel became foreground."""
        return self.values.kind is not Kind.BLANK and not self.foreground


def find_own_codes(
    files: Mapping[str, MaskFile], threshold: float | None, classes: Sequence[str]
) -> frozenset[str]:
    """Find the masks of 0 and one other value that a threshold for all masks would make empty.

    What such a mask means is certain, whatever the other files hold: 0 and something else.

    Args:
        files: id of an image -> its mask.
        threshold: of all masks, in gray levels; None if they hold one group of gray levels.
        classes: names of the foreground classes, for the message.

    Raises:
        FrugalsegError: masks whose meaning is not certain, with the possible readings.
    """
    held = {i: f for i, f in files.items() if f.values.kind is not Kind.BLANK}
    limit = 255.0 if threshold is None else threshold
    low = {i: f for i, f in held.items() if f.values.top is not None and f.values.top <= limit}
    levels = {level for file in files.values() for level in file.values.levels}
    if len(levels) <= 2 and not low:
        return frozenset()  # one pair of values in all files
    has_gray = any(
        f.values.kind is Kind.GRAY or (f.values.kind is Kind.FAINT and f.values.is_lossy)
        for f in held.values()
    )
    codes = {Kind.CODES, Kind.PAIR} if has_gray else {Kind.CODES, Kind.PAIR, Kind.FAINT}
    unclear = [f for f in held.values() if f.values.kind in codes and not f.values.is_lossy]
    unclear += [f for f in low.values() if f.values.kind in {Kind.FLAT, Kind.GRAY}]
    two = {i: f for i, f in low.items() if f.values.kind is Kind.TWO}
    if has_gray:
        unclear += [f for f in two.values() if f.values.levels[-1] <= NOISE]
    if unclear:
        raise _unclear(held.values(), unclear, classes)
    return frozenset(two)


def review(files: Sequence[MaskFile], params: MaskParams, classes: Sequence[str]) -> Iterator[str]:
    """Yield a warning for everything strange in how masks were read.

    Args:
        params: how they were read; with a method.

    Raises:
        FrugalsegError: masks that were certainly or probably misread.
    """
    method = params.method or ""
    held = [file for file in files if file.values.kind is not Kind.BLANK]
    empty = [file for file in held if file.is_empty]
    if files and not any(file.foreground for file in files):
        raise _all_empty(files, held, method, classes)
    two = [f for f in empty if f.values.kind in {Kind.TWO, Kind.FLAT}]
    if method == "index" and two:
        raise _unclear(held, two, classes)
    if method == "otsu_image":
        codes = [file for file in held if file.values.kind is Kind.CODES]
        if codes:
            raise _unclear(held, codes, classes)
    if method == "threshold" and two and params.threshold is None:
        raise _unclear(held, two, classes)
    yield from _odd_files(held, empty, params)
    ignored = [file for file in files if not file.labeled]
    if ignored:
        yield f"Every pixel is ignored in {_share(ignored, files)}: {_listed(ignored)}."
    share = sum(file.foreground for file in files) / max(sum(file.labeled for file in files), 1)
    if covered := _covered_alone(files):
        yield (
            f"{_share(covered, files)} mark at least {FULL:.0%} of their image, while hardly any "
            f"other marks more than {SMALL:.0%}: {some([file.name for file in covered])}. Invert "
            "those in which the defect is black."
        )
    elif share > HIGH_SHARE:
        yield f"{share:.0%} of all labeled pixels are foreground{_if_background(classes)}"


def _covered_alone(files: Sequence[MaskFile]) -> list[MaskFile]:
    """Return the masks that mark nearly all of their image where most others mark little of it."""
    shares = {file.name: file.foreground / max(file.pixels, 1) for file in files}
    others = [share for share in shares.values() if share < FULL]
    if not others or np.quantile(others, MOST) > SMALL:
        return []
    return [file for file in files if shares[file.name] >= FULL]


def _odd_files(
    held: Sequence[MaskFile], empty: Sequence[MaskFile], params: MaskParams
) -> Iterator[str]:
    method = params.method or ""
    by_brightness = METHODS[method].by_brightness
    named = [file for file in empty if by_brightness and not file.values.is_lossy]
    if named:
        yield (
            f"{_share(named, held)} came out empty although they hold more than 0: "
            f"{_listed(named)}. Draw them like the others, or set another mask method."
        )
    limit = params.cut or 0.0
    below = [
        f
        for f in held
        if f.values.kind in {Kind.CODES, Kind.PAIR}
        and any(0 < level <= limit for level in f.values.levels)
        and not f.is_empty
    ]
    if below:
        yield (
            f"Areas of values from 1 to the threshold {limit:g} count as background in "
            f"{_share(below, held)}: {_listed(below)}."
        )
    noisy = [f for f in held if method == "nonzero" and f.values.is_lossy]
    if noisy:
        yield (
            f"Noise of JPEG or WebP counts as defect in {_share(noisy, held)}: {_listed(noisy)}. "
            "Set mask: {method: otsu}, which leaves it out."
        )
    if mixed := [f for f in held if f.values.is_interpolated]:
        yield (
            f"{_share(mixed, held)} look resized by interpolation, which mixes class numbers: "
            f"along edges lie lines of the numbers between. {_listed(mixed)}. Resize masks by "
            "nearest neighbor."
        )
    colored = [f for f in held if f.values.kind is Kind.COLOR]
    if by_brightness and 0 < len(colored) < len(held):
        yield (
            f"Colors stand in {_share(colored, held)}, gray levels in the others: "
            f"{_listed(colored)}."
        )


def _if_background(classes: Sequence[str]) -> str:
    if len(classes) > 1:
        return ". If one of the classes is the background, say so: mask: {values: {background: 1}}."
    return (
        ", so the masks may be inverted. If 0 is the defect, set mask: {values: "
        f"{{{_value_text(classes, 0)}, background: 255}}}}."
    )


def _all_empty(
    files: Sequence[MaskFile], held: Sequence[MaskFile], method: str, classes: Sequence[str]
) -> FrugalsegError:
    text = f"Every mask came out empty: {len(files)} masks, mask method {method}."
    if not held:
        return FrugalsegError(f"{text} All hold 0 only; export them again.")
    return FrugalsegError(f"{text}\n{_kinds(held)}\n{_readings(held, classes)}")


def _unclear(
    held: Iterable[MaskFile], unclear: Sequence[MaskFile], classes: Sequence[str]
) -> FrugalsegError:
    held = list(held)
    return FrugalsegError(
        f"The masks are coded in different ways, or in one that is not certain; "
        f"{len(unclear)} of {len(held)} that hold something might be misread: "
        f"{some([file.name for file in unclear])}.\n{_kinds(held)}\n{_readings(held, classes)}"
    )


def _kinds(files: Sequence[MaskFile]) -> str:
    """Return a line for every set of values, the most frequent first."""
    counts = Counter(str(file.values) for file in files)
    example = {str(file.values): file.name for file in reversed(files)}
    lines = [
        f"  - {text}: {plural(count, 'mask')}, such as {example[text]}"
        for text, count in counts.most_common(_KINDS)
    ]
    more = [f"  - and {len(counts) - _KINDS} more kinds"] if len(counts) > _KINDS else []
    return "\n".join([*lines, *more])


def _readings(files: Sequence[MaskFile], classes: Sequence[str]) -> str:
    """Return the lines of params.yaml that say what the values of the masks mean."""
    kinds = {file.values.kind for file in files}
    levels = sorted({level for file in files for level in file.values.levels} - {0})
    lines = [READINGS["nonzero"]]
    if 0 < len(levels) <= _NAMEABLE:
        lines.append(READINGS["values"] % _guess(levels, classes))
    if kinds & {Kind.GRAY, Kind.FAINT}:
        lines.append(READINGS["threshold"] % 127)
        lines.append(READINGS["otsu_image"])
    intro = "Write the line that is right under the data set in params.yaml:"
    return "\n".join([intro, *(f"  - {line}" for line in lines)])


def _guess(levels: Sequence[float], classes: Sequence[str]) -> str:
    """Return values of classes to start from: 255 ignored, the last class has what is left.

    Masks of one class that `frugalseg masks` wrote are read as it wrote them; a half as large value
    of another tool most likely means "no label", too.
    """
    if len(classes) == 1 and list(levels) in ([UNLABELED, DRAWN], [UNLABELED + 1, DRAWN]):
        return f"{classes[0]}: {DRAWN}, background: 0, ignore: {levels[0]:g}"
    codes = [int(level) for level in levels if level != IGNORE or len(levels) == 1]
    if len(codes) < len(classes):
        codes = list(range(1, len(classes) + 1))
    pairs = [_value_text([name], code) for name, code in zip(classes[:-1], codes, strict=False)]
    rest = codes[len(classes) - 1 :]
    last = rest[0] if len(rest) == 1 else rest
    parts = [*pairs, f"{classes[-1]}: {last}", "background: 0"]
    if IGNORE in levels and len(levels) > 1:
        parts.append(f"ignore: {IGNORE}")
    return ", ".join(parts)


def _value_text(classes: Sequence[str], value: int) -> str:
    return ", ".join(f"{name}: {value}" for name in classes)


def _listed(files: Sequence[MaskFile]) -> str:
    return some([f"{file.name} ({file.values})" for file in files])


def _share(files: Sequence[MaskFile], whole: Sequence[MaskFile]) -> str:
    return f"{len(files):,} of {len(whole):,} masks"
