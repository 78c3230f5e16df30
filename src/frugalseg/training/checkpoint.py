"""Checkpoints from which an interrupted run resumes."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from frugalseg.core.files import replacing


@dataclass(frozen=True)
class Checkpoint:
    """The checkpoint file of one run.

    It is not one of the declared outputs, because the workflow deletes those before a retry. Its
    name is a hash of the run's configuration, so no other configuration resumes from it.
    """

    path: Path

    def save(self, state: dict[str, Any]) -> None:
        """Write `state` atomically: a kill at any moment leaves the old file or the new one."""
        with replacing(self.path) as partial, partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())

    def load(self) -> dict[str, Any] | None:
        """Return the saved state; None without a file. A damaged file is renamed to `.damaged`."""
        if not self.path.exists():
            return None
        try:
            state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
        except Exception:
            os.replace(self.path, self.path.with_name(self.path.name + ".damaged"))
            return None
        return state

    def remove(self) -> None:
        """Delete the file, once the run's outputs are safe."""
        self.path.unlink(missing_ok=True)
