from pathlib import Path

import pytest

from frugalseg.pipeline import digest as module
from frugalseg.pipeline.digest import digest, digest_script, imported

USES = "from frugalseg.below import helper\n\ndef f():\n    return helper()\n"
BELOW = 'def helper():\n    """Say one."""\n    return 1  # one\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules, a registry and a params package, in place of the real one."""
    (tmp_path / "params").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "params" / "__init__.py").write_text("")
    (tmp_path / "params" / "schema.py").write_text("X = 1\n")
    (tmp_path / "sub" / "__init__.py").write_text('TABLE = {"a": "frugalseg.sub.a:A"}\n')
    (tmp_path / "uses.py").write_text(
        "from frugalseg.params.schema import X\nfrom frugalseg.sub import TABLE\n" + USES
    )
    (tmp_path / "below.py").write_text(BELOW)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def fresh(*modules: str) -> str:
    for function in (digest, digest_script, module._parse, module._imports, module._key):
        function.cache_clear()
    return digest(*modules)


@pytest.fixture(autouse=True)
def _clean_caches() -> object:
    yield
    fresh()


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("below.py", BELOW.replace("return 1", "return 2"), True),
        ("below.py", BELOW.replace("# one", "# a comment"), False),
        ("below.py", BELOW.replace("Say one.", "Say it."), False),
        (
            "below.py",
            "\n\n" + BELOW.replace("    return", "    return (").replace("1  #", "1)  #"),
            False,
        ),
        ("params/schema.py", "X = 2\n", False),
        ("sub/__init__.py", 'TABLE = {"b": "frugalseg.sub.b:B"}\n', False),
    ],
)
def test_only_code_that_is_used_changes_the_digest(
    package: Path, file: str, text: str, changes: bool
) -> None:
    before = fresh("frugalseg.uses")
    (package / file).write_text(text)
    assert (fresh("frugalseg.uses") != before) is changes


def test_imports_are_followed_through_modules(package: Path) -> None:
    fresh()
    assert imported("frugalseg.uses") == {"frugalseg.uses", "frugalseg.below"}


@pytest.fixture
def remembered(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """Return a file that remembers the package's texts, and the digest that they give."""
    monkeypatch.setattr(module, "SCRIPTS", tmp_path)
    monkeypatch.setattr(module, "_parsed", {})
    file, digest = tmp_path / "digests.json", fresh("frugalseg.uses")
    module.load_cache(file, update=True)
    return file, digest


def test_what_is_remembered_is_the_same_and_not_parsed_again(
    remembered: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before = remembered
    parsed: list[bytes] = []
    monkeypatch.setattr("ast.parse", parsed.append)
    module._parsed.clear()
    module.load_cache(file, update=False)
    assert fresh("frugalseg.uses") == before
    assert not parsed


@pytest.mark.parametrize("text", ["", "[]", '{"0": "cut', '{"0": 1}'])
def test_a_memory_that_was_cut_off_is_none(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(module, "_parsed", {})
    file, before = tmp_path / "digests.json", fresh("frugalseg.uses")
    file.write_text(text)
    module.load_cache(file, update=False)
    assert fresh("frugalseg.uses") == before


def test_an_edited_module_is_not_remembered(package: Path, remembered: tuple[Path, str]) -> None:
    file, before = remembered
    (package / "below.py").write_text(BELOW.replace("return 1", "return 2"))
    module.load_cache(file, update=False)
    assert fresh("frugalseg.uses") != before


def test_a_script_counts_by_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SCRIPTS", tmp_path)
    found = []
    for text in ('"""A rule."""\nf(1)\n', '"""The rule."""\nf(1)  # so\n', "f(2)\n"):
        (tmp_path / "train.py").write_text(text)
        fresh()
        found.append(digest_script("train"))
    assert found[0] == found[1] != found[2]


def test_the_real_training_stage_uses_the_loop() -> None:
    assert "frugalseg.training.loop" in imported("frugalseg.stages.train")
    assert not any(
        name.startswith("frugalseg.reporting") for name in imported("frugalseg.stages.train")
    )
