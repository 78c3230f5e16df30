"""What the library never does: draw from a global random state, or run code from a file."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
TREES = {
    path.relative_to(SRC).as_posix(): ast.parse(path.read_text())
    for path in sorted(SRC.rglob("*.py"))
}
RANDOM_SOURCES = {"BitGenerator", "Generator", "PCG64", "SeedSequence", "default_rng"}
TORCH_DRAWS = {"bernoulli", "multinomial", "normal", "rand", "randint", "randn", "randperm"}
CODE_LOADERS = {"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
CODE_RUNNERS = {"eval", "exec", "yaml.full_load", "yaml.load", "yaml.unsafe_load"}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a tree imports, or imports from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def calls(tree: ast.AST) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every call as its dotted name and its keyword arguments' source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            keywords = {key.arg or "**": ast.unparse(key.value) for key in node.keywords}
            yield ast.unparse(node.func), keywords


def global_randomness(tree: ast.AST) -> list[str]:
    """Return what draws from, or sets, a random state that nobody handed in."""
    found = [module for module in imports(tree) if module == "random"]
    names = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    numpy = [name for name in names if name.startswith(("np.random.", "numpy.random."))]
    found += [name for name in numpy if name.split(".")[2] not in RANDOM_SOURCES]
    for name, keywords in calls(tree):
        library, _, function = name.partition(".")
        if library == "torch" and function in TORCH_DRAWS and "generator" not in keywords:
            found.append(name)
    # Dropout has no generator to hand in: its seed is set where the global state is put back.
    if "torch.manual_seed" in names and "torch.random.fork_rng" not in names:
        found.append("torch.manual_seed")
    return found


def unsafe_loads(tree: ast.AST) -> list[str]:
    """Return what may run code that came with a file."""
    found = [module for module in imports(tree) if module in CODE_LOADERS]
    for name, keywords in calls(tree):
        if name == "torch.load" and keywords.get("weights_only") != "True":
            found.append(name)
        if name.endswith("read_pickle") or keywords.get("allow_pickle", "False") != "False":
            found.append(name)
        if name in CODE_RUNNERS:
            found.append(name)
    return found


def collect(check: Callable[[ast.AST], list[str]]) -> dict[str, list[str]]:
    """Return what a check finds in the library, by file."""
    found = {name: check(tree) for name, tree in TREES.items()}
    return {name: faults for name, faults in found.items() if faults}


def test_randomness_is_handed_in() -> None:
    assert not collect(global_randomness)


@pytest.mark.parametrize(
    "bad",
    [
        "import random",
        "np.random.seed(0)",
        "x = np.random.rand(3)",
        "torch.randperm(5)",
        "torch.manual_seed(0)",
    ],
)
def test_global_randomness_is_found(bad: str) -> None:
    assert global_randomness(ast.parse(bad))


def test_no_file_is_trusted_with_code() -> None:
    assert not collect(unsafe_loads)


@pytest.mark.parametrize(
    "bad",
    [
        "import pickle",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "pd.read_pickle(path)",
        "yaml.load(text)",
    ],
)
def test_unsafe_loads_are_found(bad: str) -> None:
    assert unsafe_loads(ast.parse(bad))
