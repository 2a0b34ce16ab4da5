"""Imports of wrong, cut and malicious files: each is refused with its reason, nothing of it stays, nothing runs."""

from __future__ import annotations

import os
import pickle
import struct
import sys
import tracemalloc
import zipfile
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.registry import ModelRegistry
from tests.support import tiny_bert_gguf, tiny_gguf, tiny_onnx

HEADER = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"a"
PIPES = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and links without rights")


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "data" / "models")


def refused(registry: ModelRegistry, path: Path) -> str:
    """Import what has to be refused; return why."""
    with pytest.raises(ModelError) as caught:
        registry.import_path(path)
    assert caught.value.remedy
    assert not registry._folder.exists() or not list(registry._folder.iterdir())
    return str(caught.value)


def test_gguf_cut_at_ten_places(registry: ModelRegistry, tmp_path: Path) -> None:
    for number, whole in enumerate((tiny_gguf.make(tmp_path / "a.gguf"), tiny_bert_gguf.make(tmp_path / "b.gguf"))):
        content, cut = whole.read_bytes(), tmp_path / f"cut{number}.gguf"
        for tenth in range(10):
            cut.write_bytes(content[: 5 + (len(content) - 6) * tenth // 9])
            assert "cut off" in refused(registry, cut)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 1), "claims 9223372036854775808 tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**40), "claims 1099511627776 keys"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**62), "bytes in a name"),
        (HEADER + struct.pack("<IQ", 8, 2**40), "bytes in a string"),
        (HEADER + struct.pack("<IIQ", 9, 4, 2**60), "items in a list"),
        (HEADER + struct.pack("<IIQ", 9, 4, 15_000_000), "ends inside its header"),
        (HEADER + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 50, "nested too deeply"),
        (HEADER + struct.pack("<I", 9) + struct.pack("<IQ", 9, 15_000_000) * 3, "ends inside its header"),
        (HEADER + struct.pack("<I", 77), "unknown type 77"),
    ],
)
def test_gguf_that_lies_takes_no_memory(registry: ModelRegistry, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "lies.gguf"
    path.write_bytes(content + bytes(1000))
    tracemalloc.start()
    try:
        assert says in refused(registry, path)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_gguf_whose_tensors_are_not_there(registry: ModelRegistry, tmp_path: Path) -> None:
    path = tmp_path / "tensors.gguf"
    tensor = struct.pack("<Q", 1) + b"t" + struct.pack("<IQQIQ", 2, 1 << 20, 1 << 20, 0, 0)
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + tensor)
    assert "cut off" in refused(registry, path)


@pytest.mark.parametrize("place", ["../secret.bin", "absolute"])
def test_onnx_weights_outside_the_folder(registry: ModelRegistry, tmp_path: Path, place: str) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(100_000))
    folder = tiny_onnx.make_embedder(tmp_path / "escapes")
    model = onnx.load(str(folder / "model.onnx"))
    words = next(weight for weight in model.graph.initializer if weight.name == "words")
    length = len(words.raw_data)
    words.ClearField("raw_data")
    words.data_location = TensorProto.EXTERNAL
    location = str(secret) if place == "absolute" else place
    for key, value in (("location", location), ("offset", "0"), ("length", str(length))):
        entry = words.external_data.add()
        entry.key, entry.value = key, value
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    assert "cannot be loaded" in refused(registry, folder)


@PIPES
def test_links_and_pipes(registry: ModelRegistry, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    folder = tiny_onnx.make_embedder(tmp_path / "links")
    (folder / "hxd.json").symlink_to(outside)
    assert "leads out of links" in refused(registry, folder)
    (folder / "hxd.json").unlink()
    graph = folder / "model.onnx"
    graph.rename(tmp_path / "graph.onnx")
    graph.symlink_to(tmp_path / "graph.onnx")
    assert "leads out of links" in refused(registry, folder)
    assert "leads out of links" in refused(registry, graph)
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to("/dev/zero")
    assert refused(registry, folder)
    os.mkfifo(tmp_path / "pipe.gguf")
    assert "is no file" in refused(registry, tmp_path / "pipe.gguf")


@PIPES
def test_links_of_the_cache_of_a_hub_are_followed(registry: ModelRegistry, tmp_path: Path) -> None:
    cache = tmp_path / "models--org--tiny"
    folder = tiny_onnx.make_embedder(cache / "snapshots" / ("a" * 40))
    (cache / "blobs").mkdir()
    for number, path in enumerate(sorted(folder.glob("*.*"))):
        path.rename(cache / "blobs" / str(number))
        path.symlink_to(Path("..") / ".." / "blobs" / str(number))
    assert registry.import_path(folder)["id"] == "tiny"


def test_small_files_that_are_none(registry: ModelRegistry, tmp_path: Path) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "small")
    kept = {name: (folder / name).read_bytes() for name in ("tokenizer.json", "config.json", "tokenizer_config.json")}
    for name, content, says in (
        ("config.json", '{"a":' * 200_000 + "1" + "}" * 200_000, "nested too deeply"),
        ("tokenizer_config.json", "[" * 200_000, "nested too deeply"),
        ("tokenizer_config.json", "[]", "no object"),
        ("tokenizer.json", "[" * 200_000, "cannot be loaded"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 99999999999999999999}}}', "cannot be loaded"),
    ):
        (folder / name).write_text(content)
        assert says in refused(registry, folder), name
        (folder / name).write_bytes(kept[name])
    with open(folder / "tokenizer.json", "r+b") as stream:
        stream.truncate(1 << 30)  # takes no room on most disks
    assert "1,073,741,824 bytes" in refused(registry, folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_what_a_download_left_in_place_of_a_file(registry: ModelRegistry, tmp_path: Path, name: str) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "left")
    (folder / name).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0")
    assert f"{name} is a pointer of Git LFS" in refused(registry, folder)
    (folder / name).write_text("<!DOCTYPE html><html>")
    assert f"{name} is a web page" in refused(registry, folder)


class Bomb:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.mark), "w")


def test_pickles_are_never_opened(registry: ModelRegistry, tmp_path: Path) -> None:
    mark, bomb = tmp_path / "exploded", pickle.dumps(Bomb(tmp_path / "exploded"))
    for name in ("model.bin", "model.pt", "model.ckpt", "model.gguf", "model.onnx", "model.safetensors"):
        (tmp_path / name).write_bytes(bomb)
        refused(registry, tmp_path / name)
    folder = tiny_onnx.make_embedder(tmp_path / "beside")
    (folder / "pytorch_model.bin").write_bytes(bomb)
    (folder / "1_Pooling" / "pytorch_model.bin").write_bytes(bomb)
    registry.import_path(folder)
    assert not mark.exists()
    assert not list(registry._folder.rglob("*.bin"))


def test_an_archive_is_not_unpacked(registry: ModelRegistry, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        archive.writestr("../escaped.onnx", "x")
    assert "archive" in refused(registry, tmp_path / "model.zip")
    assert not list(tmp_path.rglob("escaped*"))
