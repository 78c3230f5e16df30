"""A clock that was ahead and is set back: nothing stays stale, and nothing is made for ever."""

import os
from collections import Counter
from pathlib import Path

import pytest
from faults import RUN, SCORES, copied, same
from workflow_project import Project, jobs

from frugalseg.provenance.records import Records, modified

pytestmark = pytest.mark.timeout(1200)  # several runs of the workflow each
DAY = 86400.0


def let_lie_ahead(folder: Path, seconds: float) -> None:
    """Date all that was made, and what Snakemake recorded of it, as a clock ahead would have."""
    records = Records(folder / ".snakemake")
    for top in ("data", "results", "reports", "logs"):
        for path in (folder / top).rglob("*"):
            os.utime(path, (modified(path) + seconds,) * 2)
            output = str(path.relative_to(folder))
            record = records.read(output) if path.is_file() else None
            if record is not None:
                times = {name: record[name] + seconds for name in ("starttime", "endtime")}
                records.write(output, record | times)


def test_what_a_clock_ahead_has_dated_is_made_once(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path, SCORES)
    let_lie_ahead(study.folder, DAY)
    assert jobs(study.check(*RUN)) == Counter(["score"])
    assert same(project, study)
    assert jobs(study.check(*RUN)) == Counter()
