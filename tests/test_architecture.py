"""The shape of the library: imports go one way, tables are plain, tests mirror modules."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from frugalseg.metrics.metric import FUNCTIONS

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"

MODEL_FREE = {"core", "metrics", "statistics"}
LEARNING = {"core", "metrics", "data", "ingest", "models", "acquisition", "training", "strategies"}
LEARNING |= {"inference"}
# What a sub-package may import of the others, besides their tables of names. Each stands below all
# that it may import.
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "settings": {"core"},
    "metrics": {"core"},
    "statistics": {"core", "settings"},
    "data": {"core", "settings"},
    "ingest": {"core", "settings", "data"},
    "models": {"core", "settings"},
    "acquisition": {"core", "settings"},
    "training": {"core", "settings", "data", "metrics", "models"},
    "strategies": {"core", "settings", "data", "models", "training"},
    "inference": {"core", "settings", "data", "ingest", "metrics", "models", "acquisition"},
    "params": {"core", "settings", "metrics", "statistics", "models"},
    "reporting": {*MODEL_FREE, "settings", "data", "inference", "params"},
    "stages": {*LEARNING, *MODEL_FREE, "settings", "params", "reporting"},
    "provenance": {"core"},
    "pipeline": {"core", "settings", "data", "ingest", "params", "provenance", "statistics"},
    "suggest": {"core", "settings", "data", "ingest", "models", "acquisition", "inference"},
}
ALLOWED["quick"] = {*LEARNING, *MODEL_FREE, "settings", "stages", "reporting"}
ALLOWED["cli"] = set(ALLOWED)
PURE = {"acquisition", "metrics", "statistics"}
NOT_IN_PURE = {"PIL", "pathlib", "requests", "torch", "yaml"}
ENTRY_POINTS = {  # and the modules of the command line
    "frugalseg.pipeline.__main__",
    "frugalseg.provenance.unthrottled_snakemake",
}
UNMIRRORED = {
    "core/constants.py": "constants without code",
    "acquisition/base.py": "types without code, built by every acquisition's test",
    "ingest/sample.py": "types without code, built by every reader's test",
    "core/errors.py": "a class without code",
    "stages/index.py": "run by tests/workflow/test_study.py",
    "stages/plot.py": "run by tests/workflow/test_study.py",
    "stages/report.py": "run by tests/workflow/test_study.py",
    "stages/score.py": "tested with what it scores: tests/stages/test_stage_evaluate.py",
    "training/strategy.py": "the contract that every strategy's test goes through",
}


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES: dict[str, ast.Module] = {
    module_name(path): ast.parse(path.read_text())
    for path in sorted((SRC / "frugalseg").rglob("*.py"))
}


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of every import; the name is empty in `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((module, alias.name) for alias in node.names)


def target(module: str, name: str, known: Mapping[str, object]) -> str:
    """Return the module that an import loads: `from a import b` may mean a.b."""
    return f"{module}.{name}" if f"{module}.{name}" in known else module


def package(module: str) -> str:
    """Return the sub-package of a module of ours; "" for a module at the root."""
    parts = module.split(".")
    is_root = len(parts) < 2 or (len(parts) == 2 and not (SRC / "/".join(parts)).is_dir())
    return "" if is_root else parts[1]


def tables(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the name and value of every constant that a module sets."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            name, value = node.target.id, node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
        else:
            continue
        if name.isupper() and not name.startswith("_"):
            yield name, value


def defined(tree: ast.Module) -> set[str]:
    """Return the names that a module defines or imports at its top level."""
    names = {name for _, name in imports(tree)} | {name for name, _ in tables(tree)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {ast.unparse(target) for target in node.targets}
    return names


def crossings(module: str, tree: ast.AST) -> Iterator[str]:
    """Yield the imports of a module that its sub-package may not have."""
    own = package(module)
    may = ALLOWED.get(own, set()) | {"", own}
    for source, name in imports(tree):
        is_table = name.isupper() and source.count(".") <= 2
        is_ours = source.startswith("frugalseg") and not is_table
        if source.startswith("."):
            yield f"{source} {name}, which is relative"
        elif is_ours and package(target(source, name, TREES)) not in may:
            yield source


def workflow_words(module: str, tree: ast.AST) -> Iterator[str]:
    """Yield what ties a module to one way of being called, and its `global` statements."""
    used = {source.split(".")[0] for source, _ in imports(tree)}
    used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if module not in ENTRY_POINTS:
        yield from used & {"snakemake"}
    if module not in ENTRY_POINTS and package(module) != "cli":
        yield from used & {"argparse", "click", "sys.argv"}
    yield from (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Global))


def not_numbers(module: str, tree: ast.AST) -> set[str]:
    """Return the libraries that a module of pure functions of arrays imports all the same."""
    used = {source.split(".")[0] for source, _ in imports(tree)}
    return used & NOT_IN_PURE if package(module) in PURE else set()


def collect(check: Callable[[str, ast.Module], Iterable[str]]) -> dict[str, list[str]]:
    """Return what a check finds in the library, by module."""
    found = {module: list(check(module, tree)) for module, tree in TREES.items()}
    return {module: names for module, names in found.items() if names}


def test_every_sub_package_says_what_it_imports() -> None:
    assert {package(module) for module in TREES} - {""} == set(ALLOWED)


def test_sub_packages_stand_in_the_order_of_their_imports() -> None:
    order = list(ALLOWED)
    for name, may in ALLOWED.items():
        assert may <= set(order[: order.index(name)])


def test_no_folder_holds_more_than_one_can_take_in() -> None:
    folders = Counter(path.parent for path in (SRC / "frugalseg").rglob("*.py"))
    assert {f.name: n for f, n in folders.items() if n > 20 + 1} == {}  # and one __init__


def test_imports_go_one_way() -> None:
    assert not collect(crossings)


@pytest.mark.parametrize(
    ("module", "source", "count"),
    [
        ("frugalseg.metrics.counts", "from frugalseg.models.build import build_model", 1),
        ("frugalseg.metrics.counts", "import frugalseg.data.stack", 1),
        ("frugalseg.metrics.counts", "from frugalseg.core.errors import FrugalsegError", 0),
        ("frugalseg.params.names", "from frugalseg.strategies import STRATEGIES", 0),
        ("frugalseg.params.names", "from frugalseg.strategies.supervised import build", 1),
        ("frugalseg.training.loop", "from frugalseg.strategies import supervised", 1),
        ("frugalseg.core.registry", "from frugalseg.data.stack import Stack", 1),
        ("frugalseg.metrics.overlap", "from .counts import Counts", 1),
    ],
)
def test_crossings_are_found(module: str, source: str, count: int) -> None:
    assert len(list(crossings(module, ast.parse(source)))) == count


def test_no_two_modules_import_each_other() -> None:
    graph = {
        module: {target(*item, TREES) for item in imports(tree)} & set(TREES) - {module}
        for module, tree in TREES.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(TREES)


def test_numbers_see_arrays_and_tables_only() -> None:
    assert not collect(not_numbers)
    assert not_numbers("frugalseg.metrics.counts", ast.parse("import torch.nn"))


def test_library_knows_no_workflow_and_no_globals() -> None:
    assert not collect(workflow_words)


@pytest.mark.parametrize(
    "bad", ["import snakemake.api", "snakemake.input", "print(sys.argv)", "global x"]
)
def test_workflow_words_are_found(bad: str) -> None:
    assert list(workflow_words("frugalseg.metrics.counts", ast.parse(bad)))


REGISTRIES = [
    pytest.param(value, id=f"{module}.{name}")
    for module, tree in TREES.items()
    if (SRC / module.replace(".", "/")).is_dir()
    for name, value in tables(tree)
]


def test_there_are_registries() -> None:
    names = {str(entry.id).split(".")[-1] for entry in REGISTRIES}
    assert {"ACQUISITIONS", "DATASETS", "LOSSES", "STRATEGIES"} <= names


def missing_entries(table: Mapping[Any, str]) -> Iterator[str]:
    """Yield the entries of a registry that name no module or attribute of this package."""
    for key, entry in table.items():
        module, attribute = entry.split(":")
        known = defined(TREES[module]) if module in TREES else set()
        if not isinstance(key, str) or (module.startswith("frugalseg.") and attribute not in known):
            yield f"{key}: {entry}"


@pytest.mark.parametrize("value", REGISTRIES)
def test_registry_is_a_dict_of_strings(value: ast.expr) -> None:
    table = ast.literal_eval(value)
    assert table
    assert not list(missing_entries(table))


def test_every_metric_names_its_function() -> None:
    """The registry of metrics holds records, whose functions are entries like any other."""
    assert len(FUNCTIONS) > 20
    assert not list(missing_entries(FUNCTIONS))


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("dice", "frugalseg.metrics.overlap:dise"),
        ("dice", "frugalseg.metrics.nowhere:dice"),
        (1, "frugalseg.metrics.overlap:dice"),
    ],
)
def test_missing_entries_are_found(key: Any, entry: str) -> None:
    assert len(list(missing_entries({key: entry}))) == 1


def is_mirrored(path: Path) -> bool:
    """Say whether a module a/b.py has a test file tests/a/test_b.py, or test_<word>_b.py."""
    relative, stem = path.relative_to(SRC / "frugalseg"), path.stem.strip("_")
    if path.name == "__init__.py" or relative.as_posix() in UNMIRRORED:
        return True
    folder = ROOT / "tests" / relative.parent
    return (folder / f"test_{stem}.py").is_file() or any(folder.glob(f"test_*_{stem}.py"))


def test_every_module_has_its_mirrored_tests() -> None:
    paths = sorted((SRC / "frugalseg").rglob("*.py"))
    assert not [path.relative_to(SRC).as_posix() for path in paths if not is_mirrored(path)]


@pytest.mark.parametrize("name", UNMIRRORED)
def test_exceptions_still_exist(name: str) -> None:
    assert (SRC / "frugalseg" / name).is_file()
