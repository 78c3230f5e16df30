"""Resume checkpoints: written atomically, at a path keyed by everything that the run depends on."""

import os
from pathlib import Path
from typing import Any

import torch

from frugalseg.core.files import replacing


class Checkpoint:
    """One run's checkpoint file.

    It lies outside the declared outputs, because the workflow deletes those before a retry; its
    name is a hash of the run's configuration, so that another configuration never resumes from it.
    """

    def __init__(self, path: Path) -> None:
        """Take the file's place; nothing is written yet."""
        self.path = path

    def save(self, state: dict[str, Any]) -> None:
        """Write `state` so that a kill at any moment leaves the old file or the new one."""
        with replacing(self.path) as partial, partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())

    def load(self) -> dict[str, Any] | None:
        """Return the saved state; None if there is none, or it is damaged and was put aside."""
        if not self.path.exists():
            return None
        try:
            state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
        except Exception:
            os.replace(self.path, self.path.with_name(self.path.name + ".damaged"))
            return None
        return state

    def remove(self) -> None:
        """Delete the file after the run's outputs are safe."""
        self.path.unlink(missing_ok=True)
