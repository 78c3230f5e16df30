"""What a page holds, read with the standard library's parser: tags, ids, links, text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Parsed:
    """Every tag with its attributes, and every piece of text outside scripts and styles."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] for _, a in self.tags if attribute in a]

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parsed = Parsed()
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parsed.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parsed.texts.append(data)


def parse(html: str) -> Parsed:
    parser = _Parser()
    parser.feed(html)
    return parser.parsed
