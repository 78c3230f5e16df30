"""A hash of the code that a rule uses: editing the code reruns the rule, a comment does not.

Snakemake tracks the text of a script, but not the library that it imports. The digest covers the
syntax trees of the named modules and of all modules of this package that they import, transitively;
comments and layout are not part of a syntax tree, and docstrings are removed.

Parsing all modules takes longer than planning three hundred jobs, so what a text was parsed to is
cached from one process to the next.
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
CACHE = Path(paths.STATE, "digests.json")
PARSER = f"{sys.version_info[:2]}".encode() + Path(__file__).read_bytes()
"""What parsing depends on besides the text: the version of Python, and this file."""


class Parsed(NamedTuple):
    """What a digest needs of a module: the hash of its tree, and the names that it imports."""

    tree: str
    names: tuple[str, ...]


_parsed: dict[str, Parsed] = {}  # by the hash of the text


def load_cache(path: Path = CACHE, *, update: bool) -> None:
    """Load what earlier processes have parsed.

    Args:
        update: parse the modules that are missing, and save them.
    """
    with suppress(AttributeError, OSError, TypeError, ValueError):  # missing or damaged
        for key, (tree, names) in read_json(path).items():
            _parsed[key] = Parsed(tree, tuple(names))
    files = [*ROOT.rglob("*.py"), *SCRIPTS.glob("*.py")] if update else []
    if not {_key(file) for file in files} <= set(_parsed):
        write_json(path, {_key(file): _parse(file) for file in files})


@cache
def digest(*modules: str) -> str:
    """Return 16 hex digits for the named modules and what they import from this package."""
    trees = {name: _parse(module_file(name)).tree for name in sorted(imported(*modules))}
    text = "".join(f"{name}={tree}\n" for name, tree in trees.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def digest_files(folder: str) -> str:
    """Return 16 hex digits for the files in one folder of the package that are not code."""
    digest = hashlib.sha256()
    for path in sorted(path for path in (ROOT / folder).iterdir() if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.name}={len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


@cache
def digest_script(name: str) -> str:
    """Return 16 hex digits for the script of a rule, without comments and docstrings.

    Snakemake recognizes a changed script by its time, which is arbitrary in a clone.
    """
    return _parse(SCRIPTS / f"{name}.py").tree[:16]


def imported(*modules: str) -> set[str]:
    """Return the named modules and, transitively, the modules of this package that they import."""
    names: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += _imports(name)
    return names


def module_file(name: str) -> Path:
    """Return the file of a module of this package."""
    path = ROOT.joinpath(*name.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _imports(name: str) -> tuple[str, ...]:
    """Return the modules of this package that one module imports anywhere in its text.

    Registries (`__init__` files of sub-packages) are left out: they name modules in strings, and a
    rule itself names the one entry that a job uses, so that a new entry reruns nothing. So are
    `params` and `settings`, whose values rules get as parameters, defaults included.
    """
    names = _parse(module_file(name)).names
    settings = (f"{PACKAGE}.params", f"{PACKAGE}.settings")
    files = {name: module_file(name) for name in names if not name.startswith(settings)}
    return tuple(n for n, file in files.items() if file.is_file() and file.name != "__init__.py")


@cache
def _parse(path: Path) -> Parsed:
    cached = _parsed.get(_key(path))
    if cached is not None:
        return cached
    tree = ast.parse(path.read_bytes())
    names = tuple(_names(tree))
    return Parsed(_hash(tree), names)


@cache
def _key(path: Path) -> str:
    return hashlib.sha256(PARSER + path.read_bytes()).hexdigest()


def _names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a tree imports from this package, which may be modules."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == PACKAGE)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement below `node`; `ast.walk` visits ten times as many expressions."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, block, ()):
            yield child
            yield from _statements(child)


def _hash(tree: ast.Module) -> str:
    """Return the hash of a syntax tree, and remove its docstrings."""
    for node in (tree, *_statements(tree)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            has_docstring = ast.get_docstring(node, clean=False) is not None
            node.body = node.body[has_docstring:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()
