from pathlib import Path

import pytest
import torch

from frugalseg.training.checkpoint import Checkpoint


def test_round_trip_and_removal(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "deep" / "a.pt")
    assert checkpoint.load() is None
    checkpoint.save({"x": torch.arange(3), "step": 4})
    state = checkpoint.load()
    assert state is not None
    assert state["step"] == 4
    assert state["x"].tolist() == [0, 1, 2]
    checkpoint.remove()
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_damaged_checkpoint_is_put_aside(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "a.pt")
    checkpoint.save({"x": 1})
    checkpoint.path.write_bytes(checkpoint.path.read_bytes()[:40])
    assert checkpoint.load() is None
    assert [file.name for file in tmp_path.iterdir()] == ["a.pt.damaged"]


def test_no_pickle_is_loaded(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (tmp_path / "ran",))  # type: ignore[return-value]

    torch.save({"x": Evil()}, tmp_path / "a.pt")
    assert Checkpoint(tmp_path / "a.pt").load() is None
    assert not (tmp_path / "ran").exists()


def test_a_write_that_fails_keeps_the_old_state(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "a.pt")
    checkpoint.save({"step": 1})
    with pytest.raises(AttributeError, match="local object|lambda|pickle"):
        checkpoint.save({"step": lambda: None})
    assert checkpoint.load() == {"step": 1}
