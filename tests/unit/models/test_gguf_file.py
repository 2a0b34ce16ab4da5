"""GGUF headers: what is read, and that no file, however broken, does more than raise a `ModelError`."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.gguf_file import is_gguf, read_header
from tests.support import tiny_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf.make(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def test_reads_what_the_file_says(model: Path) -> None:
    header = read_header(model)
    assert header.architecture == "internlm2"
    assert header.chat_template == tiny_gguf.CHATML
    assert (header.layers, header.context_tokens) == (2, 2048)
    assert header.counts["tokenizer.ggml.tokens"] == len(tiny_gguf.vocabulary()[0])
    assert header.tensors == 3 + 9 * 2
    assert header.needed_bytes == model.stat().st_size
    assert header.text("general.nothing") == "" and header.integer("tokenizer.ggml.tokens") == 0
    assert is_gguf(model)


@pytest.mark.parametrize("kind", [gguf.GGMLQuantizationType.Q8_0, gguf.GGMLQuantizationType.Q4_0])
def test_length_of_quantised_tensors(tmp_path: Path, kind: gguf.GGMLQuantizationType) -> None:
    path = tmp_path / "quantised.gguf"
    writer = gguf.GGUFWriter(str(path), "llama")
    values = np.random.default_rng(0).normal(size=(7, 64)).astype(np.float32)
    writer.add_tensor("last", gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    # The writer pads after the last tensor too.
    assert path.stat().st_size - 32 < read_header(path).needed_bytes <= path.stat().st_size


def test_sizes_of_blocks_agree_with_the_reference() -> None:
    from hxd_desktop.engine.models.gguf_file import _BLOCKS

    assert {int(kind): size for kind, size in gguf.GGML_QUANT_SIZES.items()} == _BLOCKS


@pytest.mark.parametrize("share", [0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999])
def test_cut_anywhere_is_called_incomplete(model: Path, tmp_path: Path, share: float) -> None:
    whole = model.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: max(5, int(len(whole) * share))])
    with pytest.raises(ModelError, match="cut off") as caught:
        read_header(cut)
    assert caught.value.title == "The model file is incomplete"
    assert "again" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"GGML" + bytes(60), "does not begin with GGUF"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version 9"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 40, 0), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 40), "keys"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 50), "bytes in a name"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q1sI", 1, b"k", 77), "unknown type 77"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q1sI", 1, b"\xff", 0), "not UTF-8"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q1sIIQ", 1, b"k", 9, 4, 1 << 60), "items in a list"),
        (
            b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q1sI", 1, b"k", 9) + struct.pack("<IQ", 9, 1) * 9,
            "nested",
        ),
        (
            b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q17sII", 17, b"general.alignment", 4, 0),
            "alignment 0",
        ),
    ],
)
def test_malformed(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content + bytes(64))
    with pytest.raises(ModelError, match=says):
        read_header(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_header(tmp_path / "none.gguf")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_never_do_more_than_raise(model: Path, tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    content = bytearray(model.read_bytes())
    for place, value in changes:
        content[place] = value
    path = tmp_path / "flipped.gguf"
    path.write_bytes(content)
    try:
        header = read_header(path)
    except ModelError:
        return
    assert header.needed_bytes <= len(content)
