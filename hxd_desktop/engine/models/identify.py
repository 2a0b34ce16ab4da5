"""What a file or folder that somebody wants to import is, by its content.

Nothing is loaded here and nothing is ever unpickled; what looks right is then tried out in a worker process.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import gguf_file

GGUF, ONNX = "gguf", "onnx"

_GRAPHS = ("model.onnx", "model_optimized.onnx", "model_quantized.onnx", "model_int8.onnx", "model_fp16.onnx")
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "config.json")
_SETTINGS = ("1_Pooling/config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json")
_EXTRAS = ("hxd.json", "LICENSE", "LICENSE.txt", "LICENSE.md")
_ENCODERS = frozenset(
    {"bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "modern-bert", "neo-bert", "eurobert",
     "gemma-embedding"}
)  # fmt: skip
_NEITHER = frozenset({"t5encoder", "clip", "wavtokenizer-dec", "mmproj"})
_POOLINGS = {1: "MEAN", 2: "CLS", 3: "LAST_TOKEN", 4: "RANK"}  # as llama.cpp numbers them
_MOST_TOKENS = 8192


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a model: `files` maps the names it will have to where they are now.

    `details` of a GGUF that embeds or reranks have `pooling` ("" where it is silent, "RANK" for a reranker).
    """

    format: str
    name: str
    main: str
    files: dict[str, Path]
    details: dict[str, Any] = field(default_factory=dict)


def identify(path: Path) -> Candidate:
    """Recognise a GGUF file, or a folder with an ONNX graph and its tokenizer (or the graph in it).

    Raises:
        ModelError: it is neither, or is cut off, or cannot be used; the reason says which.
    """
    try:
        if path.is_dir():
            return _checked(_folder(path), path)
        if path.exists() and not path.is_file():  # opening a pipe would wait for ever
            raise ModelError("Not a model that can be used", f"{path.name} is no file.", _ADVICE, path)
        with open(path, "rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise ModelError(
            "The model cannot be read",
            f"{path}: {error.strerror or error}.",
            "Check that it exists and that you may read it.",
            path,
        ) from error
    if start.startswith(gguf_file.MAGIC):
        return _gguf(path)
    if path.suffix.lower() == ".onnx" and not _looks_wrong(start):
        return _checked(_graph(path), path.parent)
    raise ModelError("Not a model that can be used", f"{path.name} {_what_else(path, start)}.", _ADVICE, path)


_ADVICE = "Import a GGUF file, or a folder with model.onnx and tokenizer.json."


_MOST_BYTES = {".json": 16 << 20, "tokenizer.json": 128 << 20}  # more is no such file, and would fill the memory


def _checked(candidate: Candidate, folder: Path) -> Candidate:
    """Refuse what leads out of the folder, and small files that are none."""
    # The hub's cache links from snapshots/COMMIT to blobs beside it.
    in_cache = next((place.parent for place in (folder, *folder.parents) if place.name == "snapshots"), None)
    home = folder.parent if folder.name == "onnx" else folder
    root = (in_cache or home).resolve()
    for name, source in candidate.files.items():
        if not source.resolve().is_relative_to(root):
            raise ModelError(
                "The model's files lie elsewhere",
                f"{source.name} is a link that leads out of {folder.name}.",
                "Put the file itself there, or import the place where it lies.",
                source,
            )
        with open(source, "rb") as stream:
            start = stream.read(512)
        if _not_fetched(start) or (source.suffix == ".onnx" and _looks_wrong(start)):
            raise ModelError(
                "The model's files cannot be read", f"{source.name} {_what_else(source, start)}.", _ADVICE, source
            )
        most = _MOST_BYTES.get(name) or _MOST_BYTES.get(source.suffix)
        if most is not None and source.stat().st_size > most:
            raise ModelError(
                "The model's files cannot be read",
                f"{source.name} has {source.stat().st_size:,} bytes, which is no such file.",
                "Get the model again.",
                source,
            )
    return candidate


def _looks_wrong(start: bytes) -> bool:
    # An ONNX file is a protobuf message that begins with its version (field 1) or, rarely, its producer (field 2).
    return start[:1] not in (b"\x08", b"\x12")


def _not_fetched(start: bytes) -> str:
    """What a download left in place of the file, "" if nothing of the kind."""
    text = start.lstrip()[:64].lower()
    if text.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, not the file itself"
    if text.startswith((b"<!doctype", b"<html")):
        return "is a web page: the download got a page instead of the file"
    return ""


def _what_else(path: Path, start: bytes) -> str:
    if not start:
        return "is empty"
    if instead := _not_fetched(start):
        return instead
    if path.suffix.lower() == ".safetensors" or start[8:10] == b'{"':
        return "holds safetensors weights, which have to be converted first"
    if start.startswith((b"\x80", b"PK\x03\x04")) and path.suffix.lower() in (".bin", ".pt", ".pth", ".pkl", ".ckpt"):
        return "is a Python pickle, which could run anything and is never opened"
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf")):
        return "is an archive: unpack it first"
    if path.suffix.lower() == ".gguf":
        return "does not begin like a GGUF file"
    return "is neither a GGUF file nor an ONNX graph"


def _gguf(path: Path) -> Candidate:
    header = gguf_file.read_header(path)
    if header.integer("split.count") > 1:
        raise ModelError(
            "The model is in several parts",
            f"{path.name} is one of {header.integer('split.count')} files.",
            "Join them with `llama-gguf-split --merge FIRST-FILE OUT.gguf` and import that.",
            path,
        )
    if header.architecture in _NEITHER or not header.architecture:
        raise ModelError(
            "Neither a chat model nor an embedder",
            f"{path.name} holds {header.architecture or 'no named architecture'}, which cannot be used here.",
            "Import a chat model, an embedder or a reranker.",
            path,
        )
    # A decoder that was made into an embedder says so, whatever template it still carries.
    pooling = _POOLINGS.get(header.integer(f"{header.architecture}.pooling_type"), "")
    if pooling or header.architecture in _ENCODERS:
        return Candidate(
            GGUF,
            path.stem,
            "model.gguf",
            {"model.gguf": path},
            {
                "architecture": header.architecture,
                "pooling": pooling,
                "max_tokens": min(header.context_tokens or 512, _MOST_TOKENS),
                "alias": header.text("general.name"),
            },
        )
    if not header.chat_template:
        raise ModelError(
            "The model has no chat template",
            f"{path.name} does not say how a conversation is written, and a guess would spoil its answers.",
            "Use a chat (instruct) model whose GGUF holds tokenizer.chat_template.",
            path,
        )
    return Candidate(
        GGUF,
        path.stem,
        "model.gguf",
        {"model.gguf": path},
        {
            "architecture": header.architecture,
            "context_tokens": header.context_tokens,
            "layers": header.layers,
        },
    )


def _folder(folder: Path) -> Candidate:
    models = sorted(file for file in folder.glob("*.gguf") if file.is_file())
    if len(models) == 1:
        found = identify(models[0])
        ours = folder / "hxd.json"
        return replace(found, files=found.files | {ours.name: ours}) if ours.is_file() else found
    if models:
        names = ", ".join(file.name for file in models[:5])
        raise ModelError(
            "Several models in one folder", f"{folder.name} holds {names}.", "Import one of the files.", folder
        )
    for place in (folder, folder / "onnx"):
        graphs = {file.name: file for file in place.glob("*.onnx") if file.is_file()}
        if graphs:
            name = next((name for name in _GRAPHS if name in graphs), min(graphs))
            return _graph(graphs[name])
    inside = sorted(file for file in folder.iterdir() if file.is_file())
    weights = next((file for file in inside if file.suffix in (".safetensors", ".bin", ".pt", ".pth")), None)
    why = f"holds {weights.name}, which has to be converted first" if weights else "holds neither GGUF nor ONNX files"
    raise ModelError("Not a model that can be used", f"{folder.name} {why}.", _ADVICE, folder)


def _graph(graph: Path) -> Candidate:
    home = next((place for place in (graph.parent, graph.parent.parent) if (place / _TOKENIZER[0]).is_file()), None)
    if home is None:
        raise ModelError(
            "The model has no tokenizer",
            f"There is no tokenizer.json beside {graph.name}.",
            "Put the tokenizer.json of the same model into its folder.",
            graph,
        )
    # A graph over 2 GB keeps its weights in files beside it, which it finds by its own name.
    files = {file.name: file for file in sorted(graph.parent.iterdir()) if file.name.startswith(graph.name)}
    for name in (*_TOKENIZER, *_SETTINGS, *_EXTRAS):
        for place in (graph.parent, home):
            if (place / name).is_file():
                files[name] = place / name
                break
    name, alias = _names(home)
    return Candidate(ONNX, name, graph.name, files, {"alias": alias})


def _names(home: Path) -> tuple[str, str]:
    """The name of a model by its folder, and by its config.json ("" where it says none)."""
    config, named = home / "config.json", ""
    if config.is_file() and config.stat().st_size <= _MOST_BYTES[".json"]:
        with suppress(OSError, ValueError, AttributeError, RecursionError):
            named = str(json.loads(config.read_text(encoding="utf-8")).get("_name_or_path", ""))
    name, alias = home.name, named.rpartition("/")[2]
    # A folder of the hub's cache is called by a commit: models--ORGANISATION--NAME/snapshots/COMMIT.
    if home.parent.name == "snapshots":
        name = home.parent.parent.name.rpartition("--")[2]
    return name or alias or "model", alias
