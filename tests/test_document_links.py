"""Links, files, tests and modules that documents name exist."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from pkgutil import resolve_name

import pytest
from documents import DOCUMENTS, FENCE, ROOT, read_spans

FOLDERS = ("src", "tests", "workflow", "docs", "benchmarks", "scripts", ".ci")
FILES = [
    path.relative_to(ROOT).as_posix()
    for top in (ROOT, *(ROOT / name for name in FOLDERS))
    for path in (top.iterdir() if top == ROOT else top.rglob("*"))
    if path.is_file()
]
PAGES = [*DOCUMENTS, ROOT / "CHANGELOG.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
NAMED = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, FOLDERS))})/\S*|\S+\.(?:py|smk|md|ya?ml|toml|lock))"
)
MADE = {"dvc.lock"}
"""Files that a run makes."""
EXAMPLES = {"src/frugalseg/a/b.py", "tests/a/test_b.py", "test_<word>_b.py"}
"""Names that stand for any."""


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def is_dead(link: str, page: Path, text: str) -> bool:
    """Say whether a link of a page leads to no file of the project, or to no heading of it."""
    path, _, anchor = link.partition("#")
    goal = (page.parent / path).resolve() if path else page
    if not goal.exists() or not goal.is_relative_to(ROOT):
        return True
    return bool(anchor) and anchor not in anchors(text if goal == page else goal.read_text())


def dead_links(page: Path, text: str) -> list[str]:
    """Return the links of a page that lead nowhere; those to other sites are not followed."""
    links = LINK.findall(FENCE.sub("", text))
    return [link for link in links if "://" not in link and is_dead(link, page, text)]


def exists(name: str) -> bool:
    """Say whether a file or folder ends with these parts; `<name>` stands for any part."""
    pattern = re.sub("<.*?>", "*", name.rstrip("/"))
    ends = (f"*/{pattern}", f"*/{pattern}/*")
    return any(fnmatchcase(f"/{file}", end) for file in FILES for end in ends)


def has_test(name: str) -> bool:
    """Say whether there is a test, called `test_file.py::test_name` or `::test_name`."""
    file, _, function = name.partition("::")
    paths = [ROOT / path for path in FILES if fnmatchcase(path, f"tests/*{file or '.py'}")]
    return any(f"def {function}(" in path.read_text() for path in paths)


def missing(text: str) -> Iterator[str]:
    """Yield what a document names in backticks and what does not exist."""
    for _, span in read_spans(text):
        word = span.split()[0]
        if word in MADE | EXAMPLES:
            continue
        if "::" in word:
            if not has_test(word):
                yield word
        elif NAMED.fullmatch(word) and not exists(word):
            yield word
        elif re.fullmatch(r"frugalseg(\.\w+)+", word):
            try:
                resolve_name(word)
            except (ImportError, AttributeError):
                yield word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text()) == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_is_named_exists(page: Path) -> None:
    assert list(missing(page.read_text())) == []


def test_dead_links_are_found() -> None:
    sound = "# A b, %\n[a](#a-b-) [b](README.md#the-arms) ![c](docs) [d](https://a.org/x#y)"
    dead = "\n[a](#b) [b](README.md#no)\n```\n# b\n```\n[c](no.md)"
    page = ROOT / "CHANGELOG.md"
    assert dead_links(page, sound + dead) == ["#b", "README.md#no", "no.md"]


def test_names_of_nothing_are_found() -> None:
    there = (
        "`test_otsu.py`, `::test_archive`, `src/frugalseg/metrics/`, `tests/data/test_<name>.py`"
    )
    gone = (
        "`test_none.py`, `::test_none`, `src/frugalseg/none/`, `frugalseg.none`, `docs/<name>.rst`"
    )
    assert list(missing(there)) == []
    assert list(missing(gone)) == re.findall("`(.*?)`", gone)
