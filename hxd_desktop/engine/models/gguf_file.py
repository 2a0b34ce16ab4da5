"""The header of a GGUF file, read without llama.cpp and without trusting it.

Sizes come from the file, so every one is bounded before anything is read or allocated. What is found out here
(a wrong file, a download that stopped, no chat template) is said in words before a native library sees the file.
The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hxd_desktop.engine.errors import ModelError

MAGIC = b"GGUF"

_MAX_KEYS = 65_536
_MAX_TENSORS = 65_536
_MAX_KEY_BYTES = 65_535
_MAX_STRING_BYTES = 64 * 1024 * 1024
_MAX_ITEMS = 16_000_000
_MAX_NESTING = 4
_KEPT_STRING_BYTES = 1024 * 1024
_DEFAULT_ALIGNMENT = 32

_BLOCK_NAME = re.compile(r"blk\.(\d{1,5})\.", re.ASCII)

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# ggml type -> (elements in a block, bytes of a block); a type that is not listed is newer than this table.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file says of itself.

    `values` holds scalars and strings up to 1 MiB; `counts` the lengths of its arrays (the vocabulary's size is
    `counts["tokenizer.ggml.tokens"]`). `needed_bytes` is how long the file has to be to hold all its tensors
    (a lower bound where it uses tensor types that are newer than this program). `layer_bytes`: of each transformer
    block's tensors; `input_bytes`: of the token embeddings; `output_bytes`: of all others.
    """

    values: Mapping[str, Scalar]
    counts: Mapping[str, int]
    tensors: int
    needed_bytes: int
    layer_bytes: tuple[int, ...] = ()
    input_bytes: int = 0
    output_bytes: int = 0

    def text(self, key: str) -> str:
        """The string under `key`, or ""."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def integer(self, key: str) -> int:
        """The integer under `key`, or 0."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    @property
    def architecture(self) -> str:
        """Such as "internlm2" or "llama"."""
        return self.text("general.architecture")

    @property
    def chat_template(self) -> str:
        """The Jinja template of a conversation, "" if there is none."""
        return self.text("tokenizer.chat_template")

    @property
    def context_tokens(self) -> int:
        """The context length that the model was trained for, 0 if unknown."""
        return self.integer(f"{self.architecture}.context_length")

    @property
    def layers(self) -> int:
        """Number of transformer blocks, 0 if unknown."""
        return self.integer(f"{self.architecture}.block_count")


class _MalformedError(Exception):
    """The file is not what a GGUF file has to be; the text says how."""


class _CutError(Exception):
    """The file ends too early."""


def read_header(path: Path) -> GgufHeader:
    """Read the header of the GGUF file `path` and check that the file is long enough for it.

    Raises:
        ModelError: it cannot be read, is no GGUF file, is malformed, or ends too early.
    """
    try:
        with open(path, "rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            header = _Reader(stream, size).header()
    except OSError as error:
        raise ModelError(
            "The model file cannot be read",
            f"{path.name}: {error.strerror or error}.",
            "Check that the file exists and that you may read it.",
            path,
        ) from error
    except _CutError as error:
        raise _too_short(path, "it ends inside its header") from error
    except _MalformedError as error:
        raise ModelError(
            "Not a usable GGUF file",
            f"{path.name}: {error}.",
            "Get the file again, and compare its SHA-256 with the one that its publisher names.",
            path,
        ) from error
    if size < header.needed_bytes:
        raise _too_short(path, f"it has {size:,} of {header.needed_bytes:,} bytes")
    return header


def is_gguf(path: Path) -> bool:
    """Whether the file begins like a GGUF file.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as stream:
        return stream.read(4) == MAGIC


def _too_short(path: Path, how: str) -> ModelError:
    return ModelError(
        "The model file is incomplete",
        f"{path.name} was cut off: {how}.",
        "Get the file again; the download or copy stopped too early.",
        path,
    )


def _by_part(sizes: Mapping[str, int]) -> tuple[tuple[int, ...], int, int]:
    """Bytes of each block, of the token embeddings, and of the rest."""
    blocks: dict[int, int] = {}
    first = rest = 0
    for name, size in sizes.items():
        block = _BLOCK_NAME.match(name)
        if block is not None:
            blocks[int(block[1])] = blocks.get(int(block[1]), 0) + size
        elif name == "token_embd.weight":
            first += size
        else:
            rest += size
    if "output.weight" not in sizes:  # the token embeddings serve a second time, as a copy
        rest += first
    return tuple(blocks[number] for number in sorted(blocks)), first, rest


class _Reader:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._left = size

    def header(self) -> GgufHeader:
        if self._take(4) != MAGIC:
            raise _MalformedError("it does not begin with GGUF")
        version = self._number("I")
        if version not in (2, 3):
            swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
            raise _MalformedError(
                "it is a big-endian file" if swapped in (2, 3) else f"its version {version} is not known"
            )
        tensors = self._bounded("Q", _MAX_TENSORS, "tensors")
        keys = self._bounded("Q", _MAX_KEYS, "keys")
        values: dict[str, Scalar] = {}
        counts: dict[str, int] = {}
        for _ in range(keys):
            key = self._string(_MAX_KEY_BYTES)
            kind = self._number("I")
            if kind == _ARRAY:
                counts[key] = self._skip_array(_MAX_NESTING)
            else:
                value = self._scalar(kind)
                if value is not None:
                    values[key] = value
        end, sizes = self._tensors(tensors)
        alignment = values.get("general.alignment", _DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
            raise _MalformedError(f"its alignment {alignment} is not possible")
        start = -(-self._stream.tell() // alignment) * alignment
        layers, first, rest = _by_part(sizes)
        return GgufHeader(values, counts, tensors, start + end, layers, first, rest)

    def _tensors(self, tensors: int) -> tuple[int, dict[str, int]]:
        """Read the list of tensors; return where the last byte of their data lies, from its start, and their sizes."""
        end = 0
        sizes: dict[str, int] = {}
        for _ in range(tensors):
            name = self._string(_MAX_KEY_BYTES)
            dimensions = self._bounded("I", 8, f"dimensions of tensor {name!r}")
            elements = math.prod(self._number("Q") for _ in range(dimensions))
            kind, offset = self._number("I"), self._number("Q")
            block, size = _BLOCKS.get(kind, (1, 0))
            sizes[name] = -(-elements // block) * size
            end = max(end, offset + sizes[name])
        return end, sizes

    def _take(self, size: int) -> bytes:
        if size > self._left:
            raise _CutError
        self._left -= size
        data = self._stream.read(size)
        if len(data) < size:
            raise _CutError
        return data

    def _skip(self, size: int) -> None:
        if size > self._left:
            raise _CutError
        self._left -= size
        self._stream.seek(size, 1)

    def _number(self, code: str) -> int:
        return int(struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))[0])

    def _bounded(self, code: str, most: int, what: str) -> int:
        count = self._number(code)
        if count > most:
            raise _MalformedError(f"it claims {count} {what}")
        return count

    def _string(self, most: int) -> str:
        data = self._take(self._bounded("Q", most, "bytes in a name"))
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise _MalformedError("a name in it is not UTF-8") from error

    def _scalar(self, kind: int) -> Scalar | None:
        """Read one value; None for a string too long to keep."""
        if kind == _STRING:
            size = self._bounded("Q", _MAX_STRING_BYTES, "bytes in a string")
            if size > _KEPT_STRING_BYTES:
                self._skip(size)
                return None
            return self._take(size).decode("utf-8", "replace")
        code = _SCALARS.get(kind)
        if code is None:
            raise _MalformedError(f"it holds a value of unknown type {kind}")
        value: Scalar = struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))[0]
        return value

    def _skip_array(self, nesting: int) -> int:
        kind = self._number("I")
        count = self._bounded("Q", _MAX_ITEMS, "items in a list")
        if kind == _STRING:
            for _ in range(count):
                self._skip(self._bounded("Q", _MAX_STRING_BYTES, "bytes in a string"))
        elif kind == _ARRAY:
            if nesting == 0:
                raise _MalformedError("its lists are nested too deeply")
            for _ in range(count):
                self._skip_array(nesting - 1)
        elif kind in _SCALARS:
            self._skip(count * struct.calcsize("<" + _SCALARS[kind]))
        else:
            raise _MalformedError(f"it holds a list of unknown type {kind}")
        return count
