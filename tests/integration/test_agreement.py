"""Whatever happens in whatever order, disk, database, full text and vectors end up agreeing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, embedding
from hxd_desktop.engine.settings import ChunkSettings, Settings
from tests.support.library import Workbench

WORDS = ("alpha", "beta", "gamma", "delta", "拒答", "门槛")
NAMES = ("a.txt", "b.txt", "c.md", "one/a.txt", "one/b.txt", "two/deep/a.txt")
FOLDERS = ("one", "two", "two/deep", "three")
SETTINGS = Settings(chunks=ChunkSettings(max_tokens=12))

names = st.sampled_from(NAMES)
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(
    lambda found: "\n\n".join(f"Here {word} stands in a paragraph of its own." for word in found)
)
operations = st.one_of(
    st.tuples(st.just("write"), names, texts),
    st.tuples(st.just("write"), names, texts),
    st.tuples(st.just("same size"), names),
    st.tuples(st.just("touch"), names),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("copy"), names, names),
    st.tuples(st.just("move"), names, names),
    st.tuples(st.just("move"), st.sampled_from(FOLDERS), st.sampled_from(FOLDERS)),
    st.tuples(st.just("delete"), st.sampled_from(FOLDERS)),
    st.tuples(st.just("scan")),
    st.tuples(st.just("scan"), st.sampled_from((*NAMES, *FOLDERS))),
    st.tuples(st.just("embed")),
    st.tuples(st.just("save")),
    st.tuples(st.just("crash"), st.sampled_from(("", "", "delete", "truncate", "flip", "old"))),
    st.tuples(st.just("take out and in again")),
)


class World:
    """A folder of files, and the library that is to follow it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "folder"
        self.folder.mkdir(parents=True)
        self.bench = Workbench(root / "data", settings=SETTINGS)
        self.bench.add(self.folder)
        self.old: dict[str, bytes] = {}

    def do(self, what: str, *more: str) -> None:
        getattr(self, what.replace(" ", "_"))(*more)

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, text: str) -> None:
        if not any(parent.is_file() for parent in self.path(name).parents):
            self.path(name).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).write_text(text, encoding="utf-8")

    def same_size(self, name: str) -> None:
        """Change a file so that its size stays, and often, for clocks of files are coarse, its time too."""
        path = self.path(name)
        if path.is_file():
            path.write_text(path.read_text(encoding="utf-8").replace("alpha", "gamma"), encoding="utf-8")

    def touch(self, name: str) -> None:
        if self.path(name).is_file():
            os.utime(self.path(name), ns=(1_600_000_000 * 10**9, 1_600_000_000 * 10**9))

    def delete(self, name: str) -> None:
        path = self.path(name)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def copy(self, name: str, other: str) -> None:
        if self.path(name).is_file() and name != other:
            self.path(other).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.path(name), self.path(other))

    def move(self, name: str, other: str) -> None:
        source, target = self.path(name), self.path(other)
        if source.exists() and not target.is_dir() and source not in target.parents:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)

    def scan(self, *below: str) -> None:
        self.bench.scan(below=[self.path(name) for name in below] if below else None)

    def embed(self) -> None:
        self.bench.embed(1)

    def save(self) -> None:
        self.old = {path.name: path.read_bytes() for path in self.bench.directory.vectors.iterdir()}
        self.bench.filler.save()

    def crash(self, damage: str) -> None:
        self.bench.close()
        saved = list(self.bench.directory.vectors.iterdir())
        for path in saved:
            if damage == "delete":
                path.unlink()
            elif damage == "truncate":
                os.truncate(path, path.stat().st_size // 2)
            elif damage == "flip":
                data = bytearray(path.read_bytes())
                data[len(data) // 2] ^= 1
                path.write_bytes(data)
            elif damage == "old":
                path.unlink()
        if damage == "old":
            for name, content in self.old.items():
                (self.bench.directory.vectors / name).write_bytes(content)
        self.bench = Workbench(self.bench.directory.root, settings=SETTINGS)

    def take_out_and_in_again(self) -> None:
        (folder,) = catalog.folders(self.bench.database.reader)
        self.bench.database.write(lambda c: catalog.remove_folder(c, folder.id))
        self.bench.add(self.folder)

    def files(self) -> dict[str, str]:
        return {str(path): path.read_text(encoding="utf-8") for path in self.folder.rglob("*") if path.is_file()}

    def agree(self) -> None:
        """Bring the library up to date and compare everything with the disk."""
        self.bench.index()
        self.bench.assert_consistent()
        files = self.files()
        known = self.bench.documents()
        assert set(known) == set(files)
        for path, text in files.items():
            assert known[path].state is (DocumentState.INDEXED if text else DocumentState.EMPTY)
            assert self.bench.text(path) == text
        reader = self.bench.reader()
        for word in WORDS:
            chunks = reader.chunks([i for i, _ in reader.search_words([word], 1000)])
            assert {chunk.path for chunk in chunks.values()} == {path for path, text in files.items() if word in text}
            assert all(word in chunk.text for chunk in chunks.values())
        everything = reader.search_vectors(self.bench.embedder.embed_query("alpha"), 1000)
        assert len(everything) == sum(document.chunks for document in known.values())


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_BATCH_LEXICAL", 3)


@pytest.fixture
def new_world(tmp_path: Path, small_batches: None) -> Iterator[Callable[[], World]]:
    made: list[World] = []

    def one() -> World:
        made.append(World(tmp_path / str(len(made))))
        return made[-1]

    yield one
    for world in made:
        world.bench.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, texts, max_size=4), st.booleans(), st.lists(operations, min_size=3, max_size=25))
def test_after_any_interleaving_everything_agrees(
    new_world: Callable[[], World], before: dict[str, str], saved: bool, operations: list[tuple[str, ...]]
) -> None:
    world = new_world()
    try:
        for name, text in before.items():
            world.write(name, text)
        world.agree()
        if saved:
            world.save()
        for operation in operations:
            world.do(*operation)
        world.agree()
        world.save()
        world.crash("")
        world.bench.assert_consistent()
        assert world.bench.embed() == 0
        world.agree()
        read = list(world.bench.pool.read)
        assert set(read) <= set(world.files())
        note(f"read once more because they are so young: {read}")
    finally:
        world.bench.close()
        shutil.rmtree(world.folder.parent)


@pytest.mark.parametrize("damage", ["", "delete", "truncate", "flip", "old"])
def test_every_step_on_the_way_is_consistent(new_world: Callable[[], World], damage: str) -> None:
    world = new_world()
    for operation in (
        ("write", "a.txt", "Here alpha stands. \n\n" * 20),
        ("write", "one/b.txt", "Here beta stands."),
        ("scan",),
        ("embed",),
        ("save",),
        ("write", "a.txt", "Here alpha stands. \n\n" * 10 + "Here delta stands."),
        ("move", "one", "three"),
        ("scan",),
        ("embed",),
        ("delete", "three"),
        ("save",),
        ("crash", damage),
        ("scan",),
        ("crash", damage),
        ("embed",),
        ("save",),
        ("crash", damage),
    ):
        world.do(*operation)
        world.bench.assert_consistent()
    world.agree()
