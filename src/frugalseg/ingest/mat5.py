"""MATLAB files of version 5 to 7, as far as masks need them: numbers, alone or in a struct.

`scipy.io.loadmat` is not safe for files from the internet: a wrong type code crashes the
interpreter, and it inflates without a limit (docs/development/decisions/0003-dependencies.md). Here
every length is checked. Format: MathWorks, MAT-File Format, chapter 1 (Level 5).
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Order = Literal["<", ">"]
Value: TypeAlias = "NDArray[Any] | Mapping[str, Value] | None"

_HEADER = 128
_ORDERS: dict[bytes, Order] = {b"\x00\x01IM": "<", b"\x01\x00MI": ">"}
_MATRIX, _COMPRESSED = 14, 15
_STORED = dict(enumerate(["i1", "u1", "i2", "u2", "i4", "u4", "f4"], 1))
_STORED |= {9: "f8", 12: "i8", 13: "u8"}
_CLASSES = dict(enumerate(["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"], 6))
_STRUCT = 2
_LOGICAL, _COMPLEX = 0x0200, 0x0800
_DEPTH = 8


@dataclass
class _Elements:
    """A walk over the data elements in some bytes."""

    data: memoryview
    order: Order
    at: int = 0

    def __iter__(self) -> Iterator[tuple[int, memoryview]]:
        while self.at < len(self.data):
            yield self.next()

    def next(self) -> tuple[int, memoryview]:
        """Return kind and content of the next element."""
        first = self._word()
        if first >> 16:  # a small element: length and kind in one word, up to 4 bytes after it
            kind, size, room = first & 0xFFFF, first >> 16, 4
        else:
            kind, size = first, self._word()
            room = size if kind == _COMPRESSED else size + -size % 8
        content = self.data[self.at : self.at + size]
        if len(content) < size or size > room:
            raise ValueError(f"an element of {size} bytes, {len(content)} are there")
        self.at += room
        return kind, content

    def numbers(self) -> NDArray[Any]:
        """Return the next element as an array of numbers."""
        kind, content = self.next()
        if kind not in _STORED:
            raise ValueError(f"numbers of the unknown kind {kind}")
        return np.frombuffer(content, np.dtype(_STORED[kind]).newbyteorder(self.order))

    def integer(self) -> int:
        """Return the first number of the next element, an integer."""
        numbers = self.numbers()
        if not numbers.size or numbers.dtype.kind not in "iu":
            raise ValueError("an integer is missing")
        return int(numbers[0])

    def _word(self) -> int:
        word = self.data[self.at : self.at + 4]
        if len(word) < 4:
            raise ValueError("the file ends within an element")
        self.at += 4
        return int.from_bytes(word, "little" if self.order == "<" else "big")


def read_variables(data: bytes, *, limit: int) -> dict[str, Value]:
    """Return the variables of a file: arrays of numbers, dicts for structs of 1 x 1, else None.

    Args:
        data: the file.
        limit: bytes that its compressed elements may inflate to, together.

    Raises:
        ValueError: another version, damaged, or larger than `limit`.
    """
    order = _ORDERS.get(data[_HEADER - 4 : _HEADER])
    if order is None:
        raise ValueError("not of version 5 to 7; save it with the option -v7")
    variables: dict[str, Value] = {}
    for kind, content in _Elements(memoryview(data)[_HEADER:], order):
        if kind == _COMPRESSED:
            inflated = _inflate(content, limit)
            limit -= len(inflated)
            kind, content = _Elements(memoryview(inflated), order).next()
        if kind == _MATRIX:
            name, value = _matrix(content, order, 0)
            variables[name] = value
    return variables


def _inflate(content: memoryview, limit: int) -> bytes:
    stream = zlib.decompressobj()
    try:
        inflated = stream.decompress(content, limit + 1)
    except zlib.error as error:
        raise ValueError(f"compressed data are damaged ({error})") from error
    if len(inflated) > limit:
        raise ValueError(f"its content is larger than {limit} bytes")
    if not stream.eof:
        raise ValueError("compressed data end too early")
    return inflated


def _matrix(content: memoryview, order: Order, depth: int) -> tuple[str, Value]:
    if not content:
        return "", np.zeros((0, 0))
    if depth > _DEPTH:
        raise ValueError(f"structs within structs, more than {_DEPTH} deep")
    parts = _Elements(content, order)
    flags = parts.integer()
    shape = tuple(parts.numbers().astype(np.int64).tolist())
    name = _text(parts.numbers())
    kind = flags & 0xFF
    if kind in _CLASSES and not flags & _COMPLEX:
        values = parts.numbers()
        if min(shape, default=0) < 0 or prod(shape) != len(values):
            raise ValueError(f"{len(values)} numbers for the shape {shape}")
        numbers = values.astype(bool if flags & _LOGICAL else _CLASSES[kind])
        return name, numbers.reshape(shape, order="F")
    if kind == _STRUCT and shape == (1, 1):
        return name, _fields(parts, order, depth)
    return name, None


def _fields(parts: _Elements, order: Order, depth: int) -> dict[str, Value]:
    width = parts.integer()
    letters = parts.numbers()
    if width < 1 or len(letters) % width:
        raise ValueError(f"field names of {width} letters in {len(letters)} bytes")
    fields: dict[str, Value] = {}
    for name in map(_text, letters.reshape(-1, width)):
        kind, content = parts.next()
        if kind != _MATRIX:
            raise ValueError(f"field {name} is of the unknown kind {kind}")
        fields[name] = _matrix(content, order, depth + 1)[1]
    return fields


def _text(letters: NDArray[Any]) -> str:
    return bytes(letters.astype(np.uint8)).split(b"\0")[0].decode("latin-1")
