"""Stage `download`: a data set's archive."""

from pathlib import Path
from typing import Any

from frugalseg.ingest.fetch.download import fetch
from frugalseg.ingest.synthetic.archive import write_archive


def run(
    out: Path,
    *,
    source: str,
    scene: dict[str, Any],
    sha256: str | None,
    md5: str | None,
    fingerprint: str,
    search: list[Path],
) -> None:
    """Write the archive to `out`; a `builtin:` scene is drawn, any other source is fetched.

    Args:
        fingerprint: identity of a local source; not used here, but a change reruns the rule.
        search: folders that may hold a relative `file:` source.
    """
    kind, _, name = source.partition(":")
    if kind == "builtin":
        write_archive(name, scene, out)
    else:
        fetch(source, out, sha256=sha256, md5=md5, search=search)
