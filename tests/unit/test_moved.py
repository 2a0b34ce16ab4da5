"""Where a data directory is found after it was moved: once, twice, back again, and onto a drive that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine import moved
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.moved import Marker, Pointer, follow
from hxd_desktop.engine.paths import DataDirectory


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in "abc"]
    for place in made:
        place.mkdir()
    return made


def point(place: Path, to: Path, number: int) -> None:
    moved.write_pointer(place, Pointer(to, number))


def test_a_directory_that_was_not_moved_is_itself(tmp_path: Path) -> None:
    assert follow(tmp_path / "missing") == tmp_path / "missing"
    assert DataDirectory.resolve(tmp_path).named is None


def test_pointers_are_followed_one_after_another(places: list[Path]) -> None:
    a, b, c = places
    point(a, b, 1)
    assert follow(a) == b == follow(b)
    point(b, c, 2)
    assert [follow(place) for place in places] == [c, c, c]
    resolved = DataDirectory.resolve(a)
    assert (resolved.root, resolved.named) == (c, a)


def test_of_a_circle_the_oldest_pointer_has_lost_its_meaning(places: list[Path]) -> None:
    a, b, c = places
    point(a, b, 1)
    point(b, c, 2)
    point(c, b, 3)  # back to b, whose own pointer is still there
    assert [follow(place) for place in places] == [b, b, b]
    point(b, a, 4)  # and home
    assert [follow(place) for place in places] == [a, a, a]


def test_what_is_named_wins_over_the_pointer_of_the_usual_place(
    places: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, other, named = places
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: usual)
    monkeypatch.delenv("HXD_DATA_DIR", raising=False)
    point(usual, other, 1)
    assert DataDirectory.resolve().root == other
    assert DataDirectory.resolve(named).root == named
    monkeypatch.setenv("HXD_DATA_DIR", str(named))
    assert DataDirectory.resolve().root == named
    assert DataDirectory.resolve(usual).root == other  # the same directory by its old name


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"moved_to": "relative", "number": 1}', '{"moved_to": "/x", "number": "?"}', "\x00\xff"],
)
def test_a_pointer_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / moved.POINTER).write_text(content, encoding="latin-1")
    with pytest.raises(StorageError, match=moved.POINTER):
        follow(tmp_path)


def test_a_drive_that_is_not_there_is_not_begun_anew(tmp_path: Path, places: list[Path]) -> None:
    away = tmp_path / "drive" / "data"
    point(places[0], away, 1)
    directory = DataDirectory.resolve(places[0])
    assert directory.away
    with pytest.raises(StorageError, match="not there") as told:
        directory.create()
    assert str(places[0]) in told.value.remedy and not away.exists()


def test_an_unfinished_move_is_refused_until_the_old_place_points_to_it(places: list[Path]) -> None:
    old, new, _ = places
    moved.check_whole(new)
    moved.write_marker(new, Marker(old, whole=True))
    with pytest.raises(StorageError, match="not finished") as told:
        DataDirectory(new).create()
    assert str(old) in told.value.remedy
    point(old, new, 1)
    DataDirectory(new).create()
    moved.write_marker(new, Marker(old, whole=False))
    with pytest.raises(StorageError, match="not finished"):
        moved.check_whole(new)
    moved.write_marker(new, Marker(old / "gone", whole=True))
    with pytest.raises(StorageError, match="not finished") as told:
        moved.check_whole(new)
    assert "Connect the drive" in told.value.remedy
