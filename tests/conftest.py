"""Fixtures that any test may use."""

import gc
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from shipped import shipped
from slurm import slurm
from study_fixtures import project, tracked
from xdist.scheduler import LoadScopeScheduling

from frugalseg.core.files import write_csv, write_json
from frugalseg.ingest.duplicates import COLUMNS as DUPLICATE_COLUMNS

__all__ = ["project", "shipped", "slurm", "tracked"]  # fixtures that are made once

# a deadline would be a timed test: it fails on a busy machine and says nothing of the code
settings.register_profile("project", deadline=None)
settings.load_profile("project")

# What a non-interactive shell starts in the background (`&`) ignores interrupts, and the programs
# that tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
TOGETHER = ("workflow", "faults", "reporting")
"""Folders whose tests share something slow to make: one of pytest's processes runs all of one."""
LONG = ("workflow", "faults")
ALONE = (
    "test_acquisition.py",
    "test_classes.py",
    "test_decide.py",
    "test_documents.py",
    "test_examples.py",
    "test_length.py",
    "test_new_rule.py",
    "test_shipped.py",
)
"""Files in those folders that share nothing with the others."""


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Hands whole files to pytest's processes, and each folder of TOGETHER as if it were a file."""

    def _split_scope(self, nodeid: str) -> str:
        path = Path(nodeid.split("::")[0])
        folder = path.parts[1]  # below tests/
        return folder if folder in TOGETHER and path.name not in ALONE else str(path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups | None:
    """Hand out tests by group, unless another way was asked for."""
    return Groups(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest groups, so that no process waits for another at the end."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    """Keep what is imported out of garbage collections: statsmodels asks for one at each test."""
    gc.freeze()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real archives; skip where it is missing."""
    folder = Path(os.environ.get("FRUGALSEG_DATA", ROOT / "../shared/data"))
    if not folder.is_dir():
        pytest.skip(
            f"no real data: {folder} is missing; set FRUGALSEG_DATA to a folder with the archives "
            "that docs/data.md names"
        )
    return folder


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Return a prepared stack of 24 images of 32 x 32 pixels; half of them hold a bright square.

    18 have no official split, 6 are the official test split.
    """
    folder = tmp_path / "prepared"
    folder.mkdir()
    rng = np.random.default_rng(0)
    images = rng.integers(60, 120, (24, 32, 32, 3)).astype(np.uint8)
    masks = np.zeros((24, 32, 32), np.uint8)
    for number in range(0, 24, 2):
        y, x = rng.integers(0, 22, 2)
        images[number, y : y + 10, x : x + 10] += 90
        masks[number, y : y + 10, x : x + 10] = 1
    np.save(folder / "images.npy", images)
    np.save(folder / "masks.npy", masks)
    foreground = (masks > 0).sum(axis=(1, 2))
    index = pd.DataFrame(
        {
            "row": range(24),
            "image_id": [f"i{number:02}" for number in range(24)],
            "split": [""] * 18 + ["test"] * 6,
            "group": "",
            "image_label": np.where(foreground > 0, "1", "0"),
            "has_mask": True,
            "foreground": foreground,
            "pixels": 1024,
            "height": 32,
            "width": 32,
            "stack_height": 32,
            "stack_width": 32,
            "sha256": [f"{number:064x}" for number in range(24)],
            "phash": "",
        }
    )
    write_csv(folder / "index.csv", index)
    write_csv(folder / "duplicates.csv", pd.DataFrame(columns=DUPLICATE_COLUMNS))
    card = {"name": "squares", "classes": ["square"], "channels": 3, "image_size": [32, 32]}
    levels = {"percentiles": (0.5, 99.5), "value_range": None}
    write_json(
        folder / "card.json",
        card | {"fit": "stretch", "levels": levels, "images_sha256": "i", "masks_sha256": "m"},
    )
    return folder


@pytest.fixture
def ledger(prepared: Path) -> Path:
    """Split the squares and buy a third of the pool; return the ledger's file."""
    from frugalseg.stages import label, split  # with the libraries that most tests do without

    folder = prepared.parent
    split.run(prepared, folder / "split.csv", seed=0, test=0.2, validation=0.2)
    label.run(
        prepared,
        folder / "split.csv",
        None,
        folder / "labels.csv",
        arm="initial",
        seed=0,
        round_=0,
        labels=0.34,
        acquire=None,
        query=None,
    )
    return folder / "labels.csv"
