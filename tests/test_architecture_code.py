"""Every rule names all the modules that it uses: what is not in its digest can change unseen."""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from frugalseg.params import load, read_config
from frugalseg.pipeline import rule_params
from frugalseg.pipeline.digest import imported, module_file
from frugalseg.pipeline.rule_params import Study
from frugalseg.pipeline.rules import STAGES, stages_of_rules

ROOT = Path(__file__).parents[1]
PARAMS = load(ROOT / "params.yaml")
RULES = stages_of_rules()

AROUND = {
    "frugalseg.core.logs": "where messages go",
    "frugalseg.settings": "what a rule is told comes to it as values",
    "frugalseg.pipeline": "how a script is started, not what it makes",
}
NOT_NAMED = {
    "ARCHITECTURES": "a model is read with the network that trained it; its file is an input",
    "DATASETS": "the reader of the one data set is named; tables are looked at for their names",
}


BY_NAME = {
    "frugalseg.cli.__main__": "the commands, which no rule uses",
    "frugalseg.pipeline.fork_server": "imports early what jobs import, and runs scripts",
    "frugalseg.core.registry": "by the tables, whose entries rules name",
}
"""Modules that load others without an import statement, which is what a digest follows."""

CALLERS = ("frugalseg.pipeline.__main__", "frugalseg.pipeline.rule_params", "frugalseg.params.load")
"""What a DVC stage runs besides its rules: its command, and what makes settings of parameters."""

LEFT_OUT = ("frugalseg.params.", "frugalseg.settings.")
"""What no digest covers, since its values come to the rules; DVC has to see it."""

LOADERS = {"__import__", "eval", "exec", "import_module", "run_module", "run_path"}
LOADERS |= {"module_from_spec", "spec_from_file_location"}
SOURCE = ROOT / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in SOURCE.rglob("*.py")
    if path.name != "__init__.py"
)


def dvc_stage(name: str) -> dict[str, Any]:
    """Return a stage of dvc.yaml, as it is for each data set."""
    stages: dict[str, dict[str, Any]] = read_config(ROOT / "dvc.yaml").values["stages"]
    return dict(stages[name].get("do", stages[name]))


def tree_of(module: str) -> ast.Module:
    return ast.parse(module_file(module).read_text())


def words(tree: ast.AST) -> set[str]:
    """Return the names and attributes that a module uses; a network's `eval` is not Python's."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | attributes - {"eval"}


def hidden_tables(tree: ast.AST) -> set[str]:
    """Return the first arguments of look-ups that no `from ... import TABLE` brought."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    called = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "lookup"
    ]
    return {name for name in called if not (name.isupper() and name in imported)}


def used_by(script: ast.Module) -> Iterator[str]:
    """Yield the modules of this package that a script imports."""
    for node in ast.walk(script):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frugalseg"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if module_file(whole).is_file() else str(node.module)


def tables_of(module: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the registries that a module imports, and the modules of this package they name."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frugalseg"):
            for alias in node.names:
                table = getattr(import_module(str(node.module)), alias.name, None)
                if alias.name.isupper() and isinstance(table, dict) and table:
                    named = {str(value).split(":")[0] for value in table.values()}
                    ours = {name for name in named if name.startswith("frugalseg.")}
                    yield alias.name, {name for name in ours if module_file(name).is_file()}


def study_of_all() -> Study:
    """Return all data sets of params.yaml; a new study, for which nothing was worked out."""
    return Study.of(PARAMS.model_copy(update={"run": list(PARAMS.arms)}))


def named_by(rule: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the modules that a rule names, over all data sets and arms of params.yaml."""
    named: set[str] = set()

    def digest(*modules: str) -> str:
        named.update(modules)
        return ""

    monkeypatch.setattr(rule_params, "digest", digest)
    study = study_of_all()
    for dataset, planned in study.plans.items():
        rule_params.code(rule, study, dataset)
        for arm in planned.arms:
            rule_params.code(rule, study, dataset, arm)
    return named


@pytest.mark.parametrize("rule", RULES)
def test_what_a_script_imports_is_in_the_digest_of_its_rule(rule: str) -> None:
    script = ast.parse((ROOT / f"workflow/scripts/{rule}.py").read_text())
    used = {name for name in used_by(script) if not name.startswith(tuple(AROUND))}
    assert used
    assert used <= imported(f"frugalseg.stages.{rule}")


@pytest.mark.parametrize("rule", RULES)
def test_what_a_rule_looks_up_by_name_is_named(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = named_by(rule, monkeypatch)
    assert f"frugalseg.stages.{rule}" in named
    for module in imported(*named):
        for table, entries in tables_of(module):
            if entries and table not in NOT_NAMED:
                assert entries & imported(*named), f"{module} looks up {table}, {rule} names none"


@pytest.mark.parametrize("rule", ["plot", "report", "index"])
def test_pages_count_for_what_draws_them(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rule_params.code(rule, study_of_all(), "builtin")
    monkeypatch.setattr(rule_params, "digest_files", lambda _: "other templates")
    changed = rule_params.code(rule, study_of_all(), "builtin") != before
    assert changed == (rule != "plot")


def code_of(stage: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the files of this repository that decide what a DVC stage makes."""
    rules = [rule for rule, name in RULES.items() if name == stage]
    modules = imported(*CALLERS).union(*(imported(*named_by(r, monkeypatch)) for r in rules))
    modules |= {module for module in MODULES if module.startswith(LEFT_OUT)}
    files = {str(module_file(module).relative_to(ROOT)) for module in modules}
    snakefiles = {str(path.relative_to(ROOT)) for path in (ROOT / "workflow/rules").glob("*.smk")}
    return files | snakefiles | {"Snakefile", *(f"workflow/scripts/{rule}.py" for rule in rules)}


def unseen(files: set[str], deps: Iterable[str]) -> set[str]:
    """Return the files that lie outside of `deps`, which are files and folders."""
    return {file for file in files if not any(Path(file).is_relative_to(dep) for dep in deps)}


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_sees_all_code_that_a_stage_uses(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not unseen(code_of(stage, monkeypatch), dvc_stage(stage)["deps"])


def test_a_module_outside_of_the_named_packages_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = {path.name for path in (ROOT / "src/frugalseg").glob("*/")} - {"core"}
    deps = [*(f"src/frugalseg/{name}" for name in packages), "Snakefile", "workflow"]
    outside = unseen(code_of("train", monkeypatch), deps)
    assert {"src/frugalseg/core/randomness.py", "src/frugalseg/core/registry.py"} <= outside


DERIVED = {
    "seed_list": {"seeds"},
    "looks": {"seeds"},
    "report_metric": {"report", "contrasts"},
}
"""What `Params` derives from its sections, with the sections that it is derived from."""


def sections_of(rule: str) -> set[str]:
    """Return the sections of params.yaml that the settings of a rule are taken from."""
    text = "".join(path.read_text() for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
    block = re.split(rf"^rule {rule}:", text, flags=re.MULTILINE)[1].split("\nrule ")[0]
    functions = set(re.findall(r"\brule_params\.(\w+)\(", block)) - {"code"}
    source = "".join(inspect.getsource(getattr(rule_params, name)) for name in functions)
    if "**planned(" in source:
        source += inspect.getsource(rule_params.planned)
    names = set(re.findall(r"\bparams\.(?!yaml)(\w+)", source))
    return set().union(*(DERIVED.get(name, {name}) for name in names))


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_sees_all_parameters_that_a_stage_is_told(stage: str) -> None:
    sections = set().union(*(sections_of(rule) for rule, name in RULES.items() if name == stage))
    assert sections <= {name.split(".")[0] for name in dvc_stage(stage)["params"]}


def test_sections_are_found_in_the_source_of_settings() -> None:
    assert sections_of("prepare") == {"datasets"}
    assert sections_of("test") == {"arms", "contrasts", "report", "seeds", "statistics"}
    assert {"models", "training", "published", "costs"} <= sections_of("report")


def test_only_tables_load_modules_without_an_import_statement() -> None:
    assert {module for module in MODULES if words(tree_of(module)) & LOADERS} == set(BY_NAME)


def test_tables_that_are_looked_at_are_imported_by_their_names() -> None:
    """`tables_of` would see no other: a table of `import x`, or one that was handed in."""
    found = {module: hidden_tables(tree_of(module)) for module in MODULES}
    assert not {module: names for module, names in found.items() if names}


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("from frugalseg.metrics import METRICS\nlookup(METRICS, name, '')", set()),
        ("from frugalseg import metrics\nlookup(metrics.METRICS, name, '')", {"metrics.METRICS"}),
        ("registry.lookup({'a': 'b:c'}, name, '')", {"{'a': 'b:c'}"}),
        ("def of(table): return lookup(table, name, '')", {"table"}),
    ],
)
def test_hidden_tables_are_found(source: str, hidden: set[str]) -> None:
    assert hidden_tables(ast.parse(source)) == hidden


def test_every_rule_of_the_workflow_has_the_digest_of_its_own_script() -> None:
    text = "".join(path.read_text() for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
    blocks = re.split(r"^rule ", text, flags=re.MULTILINE)[1:]
    assert sorted(block.split(":")[0] for block in blocks) == sorted(RULES)
    for block in blocks:
        rule = block.split(":")[0]
        assert f"../scripts/{rule}.py" in block
        assert re.search(rf'code=[^=]*rule_params\.code\(\s*"{rule}"', block), rule
