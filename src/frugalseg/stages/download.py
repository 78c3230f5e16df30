"""Stage `download`: a data set's archive, from wherever its source says."""

from pathlib import Path
from typing import Any

from frugalseg.ingest.fetch.download import fetch
from frugalseg.ingest.synthetic.archive import write_archive

BUILTIN = "builtin:"


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
    """Write the archive to `out`; a `builtin:` scene is drawn, anything else is fetched.

    Args:
        fingerprint: identity of a local source; it is here for the workflow, which runs the stage
            again when it changes.
        search: folders in which a relative `file:` source is looked for.
    """
    if source.startswith(BUILTIN):
        write_archive(source.removeprefix(BUILTIN), scene, out)
    else:
        fetch(source, out, sha256=sha256, md5=md5, search=search)
