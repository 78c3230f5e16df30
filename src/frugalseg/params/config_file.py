"""Reading a YAML file that somebody wrote: what two readers could take for two things is refused.

Snakemake reads YAML 1.1 and keeps the last of two equal keys; DVC reads YAML 1.2 and refuses them.
A file that gets past this module means the same to both.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import (
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
)

from frugalseg.core.errors import FrugalsegError

KeyPath = tuple[str | int, ...]
"""Keys and positions from the top of a file down to a value, such as ("seeds", 0)."""

DEEPEST = 50
"""Mappings and lists within each other: libyaml does not survive ten thousand."""

MOST_VALUES = 100_000
"""Values in a file, each alias counted as all that it stands for: a bomb has billions."""

MEANINGS = {
    "bool": "YAML 1.1 reads it as {value}: write {value}, or quotes around it",
    "int": "YAML 1.1 reads it as the number {value}: write that number, or quotes around it",
    "timestamp": "YAML 1.1 reads it as a date: put quotes around it",
}
"""What to say of a plain text, by the type that YAML 1.1 gives it against what it looks like."""

PLAIN_BOOL = re.compile("true|false", re.IGNORECASE)
PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9_]*|0x[0-9a-fA-F]+)")
TAB = re.compile(r"[^\n#\"']*\t")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader that takes `1e-3` for a number, as YAML 1.2 and people do."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"),
    list("-+.0123456789"),
)


@dataclass(frozen=True)
class ConfigFile:
    """The content of a configuration file.

    Attributes:
        values: plain dicts, lists and scalars.
    """

    path: Path
    values: Any
    _root: Node

    def place(self, keys: KeyPath) -> tuple[int, str]:
        """Return how many of `keys` lead to something in the file, and "file, line N" of it."""
        node, line = self._root, 1
        for depth, key in enumerate(keys):
            child = {name: (where, value) for name, where, value in _children(node)}.get(key)
            if child is None:
                return depth, f"{self.path}, line {line}"
            line, node = child
        return len(keys), f"{self.path}, line {line}"


def read_config(path: Path) -> ConfigFile:
    """Read a YAML file.

    Raises:
        FrugalsegError: naming file and line: no file; not UTF-8; a tab; not YAML; two equal keys
            in one mapping; a plain text that YAML 1.1 takes for something else (`no`, `010`).
    """
    text = _text(path)
    try:
        _refuse_depth(path, text)
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            raise FrugalsegError(f"{path} is empty: expected a mapping of sections.")
        problems = list(_problems(root, (), set()))
        if problems:
            raise FrugalsegError("\n".join(f"{path}, {problem}" for problem in problems))
        _refuse_bombs(path, root)
        loader = _Loader("")
        values = loader.construct_document(root)
    except yaml.YAMLError as error:
        raise FrugalsegError(_explain(path, text, error)) from None
    return ConfigFile(path, values, root)


def merged(base: Any, over: Any) -> Any:
    """Return `base` with the values of `over` laid over it, mapping by mapping."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FrugalsegError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FrugalsegError(
            f"{path}, line {line}: expected UTF-8, found the byte 0x{content[error.start]:02x}. "
            "Save the file as UTF-8."
        ) from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if TAB.match(line_text):
            raise FrugalsegError(f"{path}, line {number}: a tab. YAML takes spaces only.")
    return text


def _explain(path: Path, text: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    if mark is None:
        position = getattr(error, "position", 0)
        return f"{path}, line {text.count(chr(10), 0, position) + 1}: {problem}"
    if problem.startswith("mapping values are not allowed"):
        problem = (
            "a second ': ' where one value is expected. Put quotes around a text that holds one"
        )
    return f"{path}, line {mark.line + 1}: {problem}."


def _line(node: Node | Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def _children(node: Node) -> Iterator[tuple[str | int, int, Node]]:
    """Yield key, line and node of what a node holds."""
    if isinstance(node, MappingNode):
        yield from ((str(key.value), _line(key), value) for key, value in node.value)
    elif isinstance(node, SequenceNode):
        yield from ((position, _line(value), value) for position, value in enumerate(node.value))


def _problems(node: Node, keys: KeyPath, seen: set[int]) -> Iterator[str]:
    """Yield what a reader could misread at or below a node, as "line N: ..."."""
    if id(node) in seen:  # an alias: its anchor was looked at
        return
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        yield from _misread(node)
    elif isinstance(node, MappingNode):
        yield from _repeated(node, keys)
        for key, value in node.value:
            yield from _misread(key)
            yield from _problems(value, (*keys, str(key.value)), seen)
    else:
        for position, value in enumerate(node.value):
            yield from _problems(value, (*keys, position), seen)


def _repeated(node: MappingNode, keys: KeyPath) -> Iterator[str]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name = str(key.value)
        if name in lines:
            where = ".".join(map(str, (*keys, name)))
            yield (
                f"line {_line(key)}: {where} is already on line {lines[name]}. "
                "Remove one of the two, or give it another name."
            )
        lines.setdefault(name, _line(key))


def _misread(node: Node) -> Iterator[str]:
    if not isinstance(node, ScalarNode) or node.style:  # a style: quotes, or a block
        return
    kind, text = node.tag.rpartition(":")[2], node.value
    plain = {"bool": PLAIN_BOOL, "int": PLAIN_INT}.get(kind)
    if kind in MEANINGS and not (plain and plain.fullmatch(text)):
        value = yaml.dump(yaml.safe_load(text)).removesuffix("\n...\n")
        yield f"line {_line(node)}: {text!r} without quotes. {MEANINGS[kind].format(value=value)}."


def _refuse_depth(path: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise FrugalsegError(
                f"{path}, line {_line(event)}: more than {DEEPEST} levels of nesting."
            )


def _refuse_bombs(path: Path, root: Node) -> None:
    sizes: dict[int, int] = {}

    def size(node: Node) -> int:
        if id(node) not in sizes:
            sizes[id(node)] = MOST_VALUES  # what an alias within itself would find
            sizes[id(node)] = 1 + sum(size(child) for *_, child in _children(node))
        return sizes[id(node)]

    if size(root) > MOST_VALUES:
        raise FrugalsegError(
            f"{path} holds more than {MOST_VALUES} values, aliases (*name) written out. "
            "Look for aliases of aliases, or of what they are part of."
        )
