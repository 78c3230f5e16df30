"""Reading a YAML file so that it means the same to Snakemake, to DVC and to us.

Snakemake reads YAML 1.1 and keeps the last of two equal keys; DVC reads YAML 1.2 and refuses them.
Whatever the two would read differently is an error here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import CollectionEndEvent, CollectionStartEvent, MappingNode, Node, ScalarNode

from frugalseg.core.errors import FrugalsegError

KeyPath = tuple[str | int, ...]
"""Keys and positions from the top of a file down to a value, such as ("seeds", 0)."""

MAX_DEPTH = 50
"""Levels of nesting; ten thousand crash libyaml."""

MAX_VALUES = 100_000
"""Values in a file with aliases expanded; a YAML bomb has billions."""

MISREADINGS = {
    "bool": (r"(?i)true|false", "{value}: write {value}, or put quotes around it"),
    "int": (
        r"[-+]?(0|[1-9][0-9_]*|0x[0-9a-fA-F]+)",
        "the number {value}: write that number, or put quotes around it",
    ),
    "timestamp": ("", "a date: put quotes around it"),
}
"""By type in YAML 1.1: the texts without quotes that YAML 1.2 reads alike, and a message."""

TAB = re.compile(r"[^\n#\"']*\t")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, which reads `1e-3` as a number, as YAML 1.2 does."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"),
    list("-+.0123456789"),
)


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file; its `values` are plain dicts, lists and scalars."""

    path: Path
    values: Any
    _root: Node

    def place(self, keys: KeyPath) -> tuple[int, str]:
        """Return how many of `keys` lead to something in the file, and its "file, line N"."""
        node, line = self._root, 1
        for depth, key in enumerate(keys):
            children = {name: (_line(marked), child) for name, marked, child in _children(node)}
            if key not in children:
                return depth, f"{self.path}, line {line}"
            line, node = children[key]
        return len(keys), f"{self.path}, line {line}"


def read_config(path: Path) -> ConfigFile:
    """Read a YAML file.

    Raises:
        FrugalsegError: naming file and line: the file is missing, empty, not UTF-8 or not YAML; it
            has a tab, two equal keys in one mapping, or text without quotes that YAML 1.1 reads as
            something else (`no`, `010`); it is nested or expanded beyond any use.
    """
    text = _read_text(path)
    try:
        _refuse_depth(path, text)
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            raise FrugalsegError(f"{path} is empty: expected a mapping of sections.")
        problems = list(_problems(root, (), set()))
        if problems:
            raise FrugalsegError("\n".join(f"{path}, {problem}" for problem in problems))
        if _size(root, {}) > MAX_VALUES:
            raise FrugalsegError(
                f"{path} holds more than {MAX_VALUES} values with its aliases (*name) expanded. "
                "Remove aliases of aliases, and aliases inside their own anchor."
            )
        values = _Loader("").construct_document(root)
    except yaml.YAMLError as error:
        raise FrugalsegError(_explain(path, text, error)) from None
    return ConfigFile(path, values, root)


def merged(base: Any, over: Any) -> Any:
    """Return `base` with the values of `over` laid over it, mapping by mapping."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise FrugalsegError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FrugalsegError(
            f"{path}, line {line}: expected UTF-8, found the byte 0x{content[error.start]:02x}. "
            "Save the file as UTF-8."
        ) from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if TAB.match(line_text):
            raise FrugalsegError(f"{path}, line {number}: found a tab. Replace it with spaces.")
    return text


def _explain(path: Path, text: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    before = text[: getattr(error, "position", 0)]  # for characters that no YAML may contain
    line = mark.line if mark else before.count("\n")
    if problem.startswith("mapping values are not allowed"):
        problem = "found a second ': ' in a value. Put quotes around text that contains one"
    return f"{path}, line {line + 1}: {problem}."


def _line(node: Any) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def _children(node: Node) -> Iterator[tuple[str | int, Node, Node]]:
    """Yield key or position, the node that marks its line, and the value of what a node holds."""
    if isinstance(node, MappingNode):
        yield from ((str(key.value), key, value) for key, value in node.value)
    elif not isinstance(node, ScalarNode):
        yield from ((position, value, value) for position, value in enumerate(node.value))


def _problems(node: Node, keys: KeyPath, visited: set[int]) -> Iterator[str]:
    """Yield what readers could read differently at or below a node, as "line N: ..."."""
    if id(node) in visited:  # an alias
        return
    visited.add(id(node))
    yield from _misread(node)
    lines: dict[str | int, int] = {}
    for key, marked, value in _children(node):
        if key in lines:
            yield (
                f"line {_line(marked)}: {'.'.join(map(str, (*keys, key)))} is already on line "
                f"{lines[key]}. Remove or rename one of the two."
            )
        lines.setdefault(key, _line(marked))
        if marked is not value:
            yield from _misread(marked)
        yield from _problems(value, (*keys, key), visited)


def _misread(node: Node) -> Iterator[str]:
    kind = node.tag.rpartition(":")[2]
    if kind not in MISREADINGS or node.style:  # type: ignore[attr-defined]  # quotes, or a block
        return
    read_alike, meaning = MISREADINGS[kind]
    if not re.fullmatch(read_alike, node.value):
        value = yaml.dump(yaml.safe_load(node.value)).removesuffix("\n...\n")
        reading = meaning.format(value=value)
        yield f"line {_line(node)}: YAML 1.1 reads {node.value!r} without quotes as {reading}."


def _refuse_depth(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise FrugalsegError(
                f"{path}, line {_line(event)}: nested more than {MAX_DEPTH} levels deep."
            )


def _size(node: Node, sizes: dict[int, int]) -> int:
    """Return the number of values at and below a node; `sizes` keeps those of known nodes."""
    if id(node) not in sizes:
        sizes[id(node)] = MAX_VALUES  # what an alias inside the node itself counts
        sizes[id(node)] = 1 + sum(_size(child, sizes) for *_, child in _children(node))
    return sizes[id(node)]
