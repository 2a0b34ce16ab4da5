"""What stands against a move is said before anything is copied, with figures; and only what is ours is taken along."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hxd_desktop.engine import moved
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.move_checks import Plan, kept_files, plan_move
from hxd_desktop.engine.paths import DataDirectory


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A data directory by its looks: 3 MB of it are ours."""
    directory = DataDirectory(tmp_path / "home" / "data")
    directory.create()
    directory.database.write_bytes(b"d" * 2_000_000)
    directory.settings.write_text("")
    (directory.models / "mine").mkdir()
    (directory.models / "mine" / "weights.gguf").write_bytes(b"w" * 1_000_000)
    (directory.root / "writer.lock").touch()
    (directory.root / "holiday.jpg").write_bytes(b"not ours")
    (directory.root / "photos").mkdir()
    (directory.root / "photos" / "a.jpg").write_bytes(b"not ours")
    return directory


def test_a_plan_says_what_it_takes(data: DataDirectory, tmp_path: Path) -> None:
    target = tmp_path / "new" / "place"
    plan = plan_move(data, target, free=lambda _: 100_000_000)
    assert plan == Plan(data.root, target, 3, 3_000_000, 100_000_000)
    assert not (tmp_path / "new").exists()
    target.mkdir(parents=True)
    assert plan_move(data, target, free=lambda _: 100_000_000) == plan


def test_only_what_is_ours_is_taken_along(data: DataDirectory) -> None:
    for name in ("library.sqlite3-wal", "settings.toml.new", "library.sqlite3.damaged-1", "chat-history"):
        (data.root / name).touch()
    names = {path.relative_to(data.root).as_posix() for path in kept_files(data.root)}
    assert names == {
        "library.sqlite3",
        "library.sqlite3.damaged-1",
        "settings.toml",
        "chat-history",
        "models/mine/weights.gguf",
    }


def refusal(data: DataDirectory, target: Path, **named: object) -> StorageError:
    with pytest.raises(StorageError) as refused:
        plan_move(data, target, **named)  # type: ignore[arg-type]
    assert refused.value.remedy
    return refused.value


def test_places_that_will_not_do(data: DataDirectory, tmp_path: Path) -> None:
    assert "already" in refusal(data, data.root).message
    assert "inside the data directory" in refusal(data, data.root / "deeper").message
    assert "holds the data directory" in refusal(data, tmp_path / "home").message
    (tmp_path / "file").touch()
    assert "is a file" in refusal(data, tmp_path / "file").message
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    assert "holds something" in refusal(data, tmp_path / "full").message
    watched = tmp_path / "papers"
    assert "are indexed" in refusal(data, watched / "deeper", watched=[watched]).message
    assert "are indexed" in refusal(data, watched, watched=[watched]).message
    plan_move(data, tmp_path / "papers-too", watched=[watched])


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_does_not_hide_where_a_place_is(data: DataDirectory, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(data.root)
    assert "already" in refusal(data, tmp_path / "link").message
    assert "inside the data directory" in refusal(data, tmp_path / "link" / "deeper").message


def test_too_little_room_is_told_in_figures(data: DataDirectory, tmp_path: Path) -> None:
    error = refusal(data, tmp_path / "new", free=lambda _: 5_000_000)
    assert "3 MB are to be moved and 5 MB are free" in error.message and "70 MB" in error.remedy


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "smb"])
def test_a_network_drive_is_refused(data: DataDirectory, tmp_path: Path, kind: str) -> None:
    assert "network drive" in refusal(data, tmp_path / "new", file_system=lambda _: kind).message
    plan_move(data, tmp_path / "new", file_system=lambda _: "ext4")


def test_a_place_that_cannot_be_written(data: DataDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert "Permission denied" in refusal(data, tmp_path / "new").message


def test_nothing_to_move(tmp_path: Path) -> None:
    assert "holds no library" in refusal(DataDirectory(tmp_path / "none"), tmp_path / "new").message


def test_what_an_earlier_try_left_is_no_hindrance_but_that_of_another_is(data: DataDirectory, tmp_path: Path) -> None:
    target = tmp_path / "new"
    target.mkdir()
    (target / "library.sqlite3").write_bytes(b"half")
    moved.write_marker(target, moved.Marker(data.root, whole=False))
    plan_move(data, target)
    moved.write_marker(target, moved.Marker(tmp_path / "other", whole=False))
    assert "holds something" in refusal(data, target).message
