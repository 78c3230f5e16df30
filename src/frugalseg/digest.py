"""A hash of the code that a rule uses, so that editing it reruns the rule and a comment does not.

Snakemake tracks a script's own text, not the library that it imports. The digest covers the syntax
trees of the named modules and of every module of this package that they import, transitively;
comments, docstrings and layout are not part of a syntax tree that was stripped of docstrings.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = "frugalseg"
ROOT = Path(__file__).parent
SCRIPTS = ROOT.parents[1] / "workflow" / "scripts"


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
    return _hash(ast.parse((SCRIPTS / f"{name}.py").read_text(encoding="utf-8")))[:16]


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


def _exists(name: str) -> bool:
    return name.split(".")[0] == PACKAGE and module_file(name).is_file()


def _left_out(name: str) -> bool:
    return name.startswith(f"{PACKAGE}.params") or module_file(name).name == "__init__.py"


@cache
def _source(name: str) -> ast.Module:
    return ast.parse(module_file(name).read_text(encoding="utf-8"))


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
    So is `params`: what a rule reads of it comes to the rule as values, defaults included.
    """
    names: list[str] = []
    for node in _statements(_source(name)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            names += [node.module, *submodules]
    return tuple(name for name in names if _exists(name) and not _left_out(name))


@cache
def _tree_hash(name: str) -> str:
    return _hash(_source(name))


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
