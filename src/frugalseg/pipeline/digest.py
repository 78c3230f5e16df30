"""A hash of the code that a rule uses, so that editing it reruns the rule and a comment does not.

Snakemake tracks a script's own text, not the library that it imports. The digest covers the syntax
trees of the named modules and of every module of this package that they import, transitively;
comments, docstrings and layout are not part of a syntax tree that was stripped of docstrings.

Reading all trees takes longer than planning three hundred jobs, so what was found in a text can be
remembered from one process to the next.
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from frugalseg.core import paths
from frugalseg.core.files import read_json, write_json

PACKAGE = "frugalseg"
ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT.parents[1] / "workflow" / "scripts"
REMEMBERED = Path(paths.STATE, "digests.json")


class Found(NamedTuple):
    """What a module's text holds: the hash of its tree, and the names that it imports."""

    tree: str
    names: tuple[str, ...]


_known: dict[str, Found] = {}  # by the hash of the text


def remember(path: Path = REMEMBERED, *, write: bool) -> None:
    """Take over what earlier processes found in the texts of this package.

    Args:
        write: look at every text, and add to the file what is new.
    """
    with suppress(AttributeError, OSError, TypeError, ValueError):  # none yet, or a damaged one
        for key, (tree, names) in read_json(path).items():
            _known[key] = Found(tree, tuple(names))
    if not write:
        return
    files = [*ROOT.rglob("*.py"), *SCRIPTS.glob("*.py")]
    if not {_key(file) for file in files} <= set(_known):
        write_json(path, {_key(file): _found(file) for file in files})


@cache
def digest(*modules: str) -> str:
    """Return 16 hex digits over the named modules and what they import from this package."""
    used = sorted(imported(*modules))
    text = "".join(f"{name}={_tree_hash(name)}\n" for name in used)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def digest_files(folder: str) -> str:
    """Return 16 hex digits over the files of one folder of the package that are no code."""
    files = sorted(path for path in (ROOT / folder).iterdir() if path.is_file())
    hashed = hashlib.sha256()
    for path in files:
        hashed.update(f"{path.name}={len(path.read_bytes())}\n".encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


@cache
def digest_script(name: str) -> str:
    """Return 16 hex digits over the script of a rule, without comments and docstrings.

    Snakemake tells a changed script by its time alone, and the times of a clone say nothing.
    """
    return _found(SCRIPTS / f"{name}.py").tree[:16]


def imported(*modules: str) -> set[str]:
    """Return the named modules and, transitively, the modules of this package that they import."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(name)
    return found


def module_file(name: str) -> Path:
    """Return the file of a module of this package."""
    path = ROOT.joinpath(*name.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _is_ours(name: str | None) -> bool:
    return name is not None and name.split(".")[0] == PACKAGE


def _exists(name: str) -> bool:
    return _is_ours(name) and module_file(name).is_file()


def _left_out(name: str) -> bool:
    is_settings = name.startswith((f"{PACKAGE}.params", f"{PACKAGE}.settings"))
    return is_settings or module_file(name).name == "__init__.py"


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement below `node`; `ast.walk` visits ten times as many expressions."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, block, ()):
            yield child
            yield from _statements(child)


@cache
def _imports(name: str) -> tuple[str, ...]:
    """Return the modules of this package that one module imports anywhere in its text.

    Registries (`__init__` files of sub-packages) are left out: they hold names of modules as
    strings, and the one entry that a job uses is named by its rule. So a new entry reruns nothing.
    So are `params` and `settings`: what a rule reads of them comes to it as values, with defaults.
    """
    names = _found(module_file(name)).names
    return tuple(name for name in names if _exists(name) and not _left_out(name))


def _tree_hash(name: str) -> str:
    return _found(module_file(name)).tree


@cache
def _found(path: Path) -> Found:
    """Return what a file's text holds; a text that is known is not parsed."""
    known = _known.get(_key(path))
    if known is not None:
        return known
    tree = ast.parse(path.read_bytes())
    names = tuple(_names(tree))
    return Found(_hash(tree), names)


@cache
def _key(path: Path) -> str:
    return hashlib.sha256(_way() + path.read_bytes()).hexdigest()


@cache
def _way() -> bytes:
    """Return what findings depend on besides a text: this file, and the version of Python."""
    return f"{sys.version_info[:2]}".encode() + Path(__file__).read_bytes()


def _names(tree: ast.Module) -> Iterator[str]:
    """Yield the names of this package that a tree imports: modules, and what may be one."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and _is_ours(node.module) and not node.level:
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _hash(tree: ast.Module) -> str:
    """Return the hash of a syntax tree, whose docstrings it takes away."""
    for node in (tree, *_statements(tree)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            if body and _is_docstring(body[0]):
                node.body = body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
