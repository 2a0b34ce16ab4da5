"""The user's settings: frozen values, kept as TOML in the data directory.

What changes chunks or vectors is part of the index's fingerprint (`ChunkSettings`, the embedder);
changing anything else rebuilds nothing.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import SettingsError, unreadable
from hxd_desktop.engine.ranges import wanted


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How documents are cut; changing it re-chunks the library.

    A chunk holds at most `max_tokens` estimated tokens (one a CJK character, one per four other
    characters), and at most `max_cjk_chars` characters where a good part of it is CJK.
    """

    max_tokens: int = 400
    max_cjk_chars: int = 400


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How folders are followed and files are read.

    `max_file_bytes`: larger files are skipped with that rule. `parse_timeout_s`, `parse_memory_bytes`: the
    limits of one file in a parser process. `workers`: parser processes, 0 for one a core, at most four.
    `ignore`: gitignore-style patterns on top of the built-in defaults, for every folder.
    """

    max_file_bytes: int = 200 * 1024 * 1024
    parse_timeout_s: float = 120.0
    parse_memory_bytes: int = 2 * 1024 * 1024 * 1024
    workers: int = 0
    ignore: tuple[str, ...] = ()
    poll_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """How scanned pages and pictures are read.

    `ocr`: "auto" (where an engine is there, and the folder does not say no) or "off". `ocr_engine`: "auto",
    "rapidocr", "tesseract". `ocr_page_timeout_s`, `ocr_memory_bytes`: the limits of a page, and of the process that
    reads them. `ocr_confidence`: a file that was read with less on the average says so.
    """

    ocr: str = "auto"
    ocr_engine: str = "auto"
    ocr_page_timeout_s: float = 120.0
    ocr_memory_bytes: int = 4 * 1024 * 1024 * 1024
    ocr_confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How questions are answered.

    `top_k`: sources given to the answer. `context_tokens`: budget of the sources in a prompt.
    `generator`: "extractive" or a model id. `max_answer_tokens`: length limit of a generated answer.
    """

    top_k: int = 5
    context_tokens: int = 2048
    max_answer_tokens: int = 512
    quote_chars: int = 200


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """What is neither asked nor shown; see `answering.safety` for how an entry is read.

    `questions`: what a question must not contain. `answers`: what no answer may contain, quotations included.
    `generated`: what an answer written by a model must not contain besides. `judge`: also ask the language model how
    harmful its own answer is, from 0 to 10; at `judge_limit` or above it is not shown.
    """

    questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    generated: tuple[str, ...] = (
        "制造炸弹的方法",
        "自制炸弹",
        "制毒方法",
        "how to make a bomb",
        "how to build a bomb",
        "how to make meth",
        "你应该去死",
        "kill yourself",
    )
    judge: bool = False
    judge_limit: int = 7


@dataclass(frozen=True, slots=True)
class RewritingSettings:
    """How far the language model rewrites a question before it is searched.

    `mode`: "auto" (where the model runs on a graphics card), "on" or "off". `history`: completes it from the
    conversation. `phrasings`: in how many other ways it is searched as well.
    """

    mode: str = "auto"
    history: bool = True
    phrasings: int = 2


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """Which marks from 0 to 10 the language model gives; see `answering.marks`.

    `mode`: "auto" (where the model runs on a graphics card), "on" or "off". The others: whether the question, its
    passages, "I do not know" in the reply, and its harm are marked.
    """

    mode: str = "auto"
    question: bool = True
    relevance: bool = True
    unknown: bool = True
    safety: bool = True


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which models are used; ids as `hxd models list` shows them. What is automatic depends on the free memory.

    `gpu_layers`: -1 for as many as fit. `threads`: 0 for the physical cores. `context_tokens`, `batch`: 0 for
    automatic. `kv_type`: of the cache of keys and values, "" for automatic, "f16", "q8_0" or "q4_0".
    `flash_attention`: "auto", "on" or "off". `unload_after_s`: seconds without a question after which the language
    model frees its memory, 0 for never.
    `onnx_device`: "auto" computes ONNX models on a GPU where ONNX Runtime finds one that works, "cpu" never does.
    """

    embedder: str = "builtin"
    generator: str = "extractive"
    reranker: str = ""
    gpu_layers: int = -1
    threads: int = 0
    context_tokens: int = 0
    batch: int = 0
    kv_type: str = ""
    flash_attention: str = "auto"
    unload_after_s: float = 900.0
    onnx_device: str = "auto"


@dataclass(frozen=True, slots=True)
class DownloadSettings:
    """Where models may be downloaded from, when somebody asks for one.

    `huggingface`, `modelscope`: addresses of these hubs and of mirrors that work like them, tried in this order.
    `first`: the hub that is asked first where a model is on both.
    """

    allowed: bool = True
    first: str = "huggingface"
    huggingface: tuple[str, ...] = ("https://huggingface.co",)
    modelscope: tuple[str, ...] = ("https://www.modelscope.cn",)


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A language model on an OpenAI-compatible server, which is asked only where `allowed`; its key is not kept here.

    `url`: the address that ends in /v1. `model`: its name there. `when`: "declined" asks it where the answer from
    this machine finds nothing, "always" in place of that. `timeout_s`: longest silence. `context_tokens`: its context.
    """

    allowed: bool = False
    url: str = ""
    model: str = ""
    when: str = "declined"
    timeout_s: float = 120.0
    context_tokens: int = 8192


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """Whether newer versions are looked for, once a day at most; nothing is ever downloaded or installed.

    `feed`: the https address of a list of releases, "" for the one that the application was built with.
    """

    allowed: bool = False
    feed: str = ""


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How the window looks.

    `language`: "en", "zh_CN", or "" to follow the system. `theme`: "system", "light", "dark". `downloads`: whether
    the window offers to download models, where `downloads.allowed` does not forbid it. `keep_running`: whether a closed
    window goes on indexing in the system's tray. `hotkey`: whether `hotkey_keys`, in Qt's portable spelling, bring the
    window forward from anywhere.
    """

    language: str = ""
    theme: str = "system"
    downloads: bool = False
    keep_running: bool = False
    hotkey: bool = False
    # There, Ctrl is the Command key, and Command, Option and Space search the Finder.
    hotkey_keys: str = "Ctrl+Shift+Space" if sys.platform == "darwin" else "Ctrl+Alt+Space"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; `load` and `save` keep them as `settings.toml`."""

    chunks: ChunkSettings = field(default_factory=ChunkSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    rewriting: RewritingSettings = field(default_factory=RewritingSettings)
    scores: ScoreSettings = field(default_factory=ScoreSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    downloads: DownloadSettings = field(default_factory=DownloadSettings)
    remote: RemoteSettings = field(default_factory=RemoteSettings)
    updates: UpdateSettings = field(default_factory=UpdateSettings)
    window: WindowSettings = field(default_factory=WindowSettings)

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read settings from `path`; a missing file gives the defaults.

        Raises:
            SettingsError: the file is not TOML, a value has the wrong type or makes no sense, or a pattern is not a
                regular expression. Unknown keys are ignored, so that an older version can read a newer file.
        """
        import tomllib  # parser processes need the settings' types, never the file

        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError) as error:
            raise SettingsError(
                "Settings cannot be read",
                f"{path.name}: {unreadable(error)}.",
                "Correct the file, or delete it to return to the defaults.",
                path,
            ) from error
        settings: Settings = _build(cls, data, path, "")
        _check_rules(settings.safety, path)
        return settings

    def save(self, path: Path) -> None:
        """Write to `path` aside, then replace, so that a crash leaves the old or the new file whole.

        Raises:
            SettingsError: the file cannot be written.
        """
        import tomli_w

        data = dataclasses.asdict(self)
        for page in data.values():
            for key, value in page.items():
                if isinstance(value, tuple):
                    page[key] = list(value)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, tomli_w.dumps(data).encode())
        except OSError as error:
            raise SettingsError(
                "Settings cannot be saved",
                f"{path}: {error.strerror or error}.",
                "Free some space, or correct the permissions of the data directory.",
                path,
            ) from error


def _build(cls: type, data: dict[str, Any], path: Path, where: str) -> Any:
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for spec in dataclasses.fields(cls):
        if spec.name not in data:
            continue
        value, hint, name = data[spec.name], hints[spec.name], f"{where}{spec.name}"
        if dataclasses.is_dataclass(hint):
            if not isinstance(value, dict):
                raise _wrong(path, name, "a table")
            values[spec.name] = _build(typing.cast(type, hint), value, path, f"{name}.")
        elif isinstance(hint, types.GenericAlias):  # tuple[str, ...]
            if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
                raise _wrong(path, name, "a list of strings")
            values[spec.name] = tuple(value)
        elif hint is float and isinstance(value, int) and not isinstance(value, bool):
            values[spec.name] = float(value)
        elif type(value) is not hint:
            raise _wrong(path, name, f"of type {hint.__name__}")
        else:
            values[spec.name] = value
        if hint in (int, float, str) and (expected := wanted(name, value)) is not None:
            raise _wrong(path, name, expected)
    return cls(**values)


def rule_expression(entry: str) -> str | None:
    """The regular expression of a safety rule written `/.../`; None for plain words."""
    return entry[1:-1] if len(entry) > 2 and entry[0] == entry[-1] == "/" else None


def _check_rules(safety: SafetySettings, path: Path) -> None:
    for name in ("questions", "answers", "generated"):
        for entry in getattr(safety, name):
            expression = rule_expression(entry)
            try:
                re.compile(expression or "")
            except re.error as error:
                raise SettingsError(
                    "A setting is not valid",
                    f"safety.{name} in {path.name}: {entry} is not a regular expression ({error}).",
                    "Correct it, or write it without the slashes to look for the words as they stand.",
                    path,
                ) from error


def _wrong(path: Path, name: str, expected: str) -> SettingsError:
    return SettingsError(
        "A setting is not valid",
        f"{name} in {path.name} must be {expected}.",
        "Correct it, or remove the line to return to the default.",
        path,
    )
