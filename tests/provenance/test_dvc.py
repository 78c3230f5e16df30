import json
import subprocess
from hashlib import md5
from pathlib import Path

import pytest
import yaml

from frugalseg.provenance import dvc

CONTENTS = {"one": b"of a stage", "folder/a": b"first", "folder/b": b"second"}


def file_of(content: bytes, suffix: str = "") -> Path:
    name = md5(content).hexdigest()
    return Path("cache/files/md5") / name[:2] / f"{name[2:]}{suffix}"


def store(content: bytes, suffix: str = "") -> str:
    path = file_of(content, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5(content).hexdigest() + suffix


@pytest.fixture
def listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Return the listing of a folder in a cache that DVC might have made."""
    monkeypatch.chdir(tmp_path)
    md5s = {path: store(content) for path, content in CONTENTS.items()}
    within = [{"md5": md5s[f"folder/{name}"], "relpath": name} for name in "ab"]
    listing = json.dumps(within).encode()
    outs = [
        {"path": "one", "hash": "md5", "md5": md5s["one"]},
        {"path": "folder", "hash": "md5", "md5": store(listing, ".dir")},
        {"path": "fetched", "hash": "md5", "md5": "0" * 32},
    ]
    Path("dvc.lock").write_text(yaml.safe_dump({"stages": {"s": {"outs": outs}, "none": {}}}))
    told = subprocess.CompletedProcess([], 0, "cache\n", "")
    monkeypatch.setattr(dvc, "dvc", lambda *_: told)
    return listing


@pytest.mark.usefixtures("listing")
def test_a_sound_cache_is_left_alone() -> None:
    assert dvc.drop_damaged([*CONTENTS, "fetched", "unknown"]) == []
    assert all(file_of(content).is_file() for content in CONTENTS.values())


@pytest.mark.usefixtures("listing")
def test_damage_to_what_is_asked_for_is_taken_out() -> None:
    for content in CONTENTS.values():
        file_of(content).write_bytes(b"spoiled")
    assert dvc.drop_damaged(["folder/a"]) == ["folder/a"]
    assert not file_of(CONTENTS["folder/a"]).exists()
    assert file_of(CONTENTS["folder/b"]).exists()
    assert dvc.drop_damaged(["one"]) == ["one"]
    assert dvc.drop_damaged([]) == []


def test_a_damaged_listing_is_taken_out(listing: bytes) -> None:
    file_of(listing, ".dir").write_bytes(b"[{")
    assert dvc.drop_damaged(["one"]) == ["folder"]
    assert not file_of(listing, ".dir").exists()


@pytest.mark.usefixtures("listing")
def test_a_study_that_dvc_does_not_know_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    file_of(CONTENTS["one"]).write_bytes(b"spoiled")
    told = subprocess.CompletedProcess([], 253, "", "not a repository")
    monkeypatch.setattr(dvc, "dvc", lambda *_: told)
    assert dvc.drop_damaged(["one"]) == []
    Path("dvc.lock").unlink()
    assert dvc.drop_damaged(["one"]) == []


def test_dvc_is_called_in_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = dvc.dvc("status")
    assert done.returncode != 0
    assert "not inside of a DVC repository" in done.stderr


@pytest.mark.parametrize("left", ["", '{"write": {'])
def test_a_list_of_users_that_was_cut_off_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert dvc.remove_broken_rwlock() == ""
    dvc.RWLOCK.parent.mkdir(parents=True)
    dvc.RWLOCK.write_text('{"write": {}}')
    assert dvc.remove_broken_rwlock() == ""
    dvc.RWLOCK.write_text(left)
    assert str(dvc.RWLOCK) in dvc.remove_broken_rwlock()
    assert not dvc.RWLOCK.exists()


def test_a_list_that_is_only_just_being_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dvc.RWLOCK.parent.mkdir(parents=True)
    dvc.RWLOCK.write_text("")
    monkeypatch.setattr("time.sleep", lambda _: dvc.RWLOCK.write_text("{}"))
    assert dvc.remove_broken_rwlock() == ""
    assert dvc.RWLOCK.read_text() == "{}"
