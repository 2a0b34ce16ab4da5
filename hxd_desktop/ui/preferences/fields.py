"""Which settings there are, how they are written, and what changing them means; no widgets."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.settings import Settings, rule_expression
from hxd_desktop.engine.updates.addresses import is_usable
from hxd_desktop.ui.i18n import LANGUAGES, mark, t
from hxd_desktop.ui.system.combination import parse

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Field:
    """One setting.

    Attributes:
        path: its name in `settings.toml`.
        label: what it is called.
        hint: what it means, in a sentence; "" where the label says it all.
        kind: "switch", "choice", "number", "decimal", "line", "lines" or "keys".
        choices: (value, name) pairs of a choice.
        least, most: of a number, as it is shown.
        scale: a number is kept as this many times what is shown.
        unit: stands behind a number.
        special: shown in place of the least number.
    """

    path: str
    label: str
    hint: str = ""
    kind: str = "number"
    choices: tuple[tuple[str, str], ...] = ()
    least: float = 0
    most: float = 1_000_000
    scale: int = 1
    unit: str = ""
    special: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of settings; one without fields is made of something else."""

    key: str
    title: str
    fields: tuple[Field, ...] = ()


_HUBS = (("huggingface", "Hugging Face"), ("modelscope", "ModelScope"))

TOPICS = (
    Topic(
        "general",
        mark("General"),
        (
            Field(
                "window.language", mark("Language"), kind="choice",
                choices=(("", mark("Follow the system")), *LANGUAGES.items()),
            ),
            Field(
                "window.theme", mark("Theme"), kind="choice",
                choices=(("system", mark("Follow the system")), ("light", mark("Light")), ("dark", mark("Dark"))),
            ),
            Field(
                "window.keep_running", mark("Go on in the tray when the window is closed"),
                mark("Folders are followed meanwhile; Quit in the menu ends it."), kind="switch",
            ),
            Field("window.hotkey", mark("Bring the window forward from anywhere by a key"), kind="switch"),
            Field(
                "window.hotkey_keys", mark("The key for that"),
                mark("One key with Ctrl, Alt or the system's key. On Wayland, the desktop asks you first."),
                kind="keys",
            ),
        ),
    ),
    Topic(
        "answers",
        mark("Answers"),
        (
            Field("answers.top_k", mark("Sources of an answer"), least=1, most=50),
            Field(
                "answers.quote_chars", mark("Longest quotation"),
                mark("Of an answer without a language model; lists and several questions get more."),
                least=40, most=4000, unit=mark("characters"),
            ),
            Field(
                "answers.context_tokens", mark("Room for sources in a prompt"), least=256, most=131_072,
                unit=mark("tokens"),
            ),
            Field(
                "answers.max_answer_tokens", mark("Longest written answer"), least=32, most=8192, unit=mark("tokens")
            ),
            Field(
                "rewriting.mode", mark("Rewrite questions"), mark("By the language model, before they are searched."),
                kind="choice",
                choices=(("auto", mark("on a graphics card")), ("on", mark("always")), ("off", mark("never"))),
            ),
            Field("rewriting.history", mark("Complete follow-ups from the conversation"), kind="switch"),
            Field("rewriting.phrasings", mark("Other ways of asking"), most=5),
            Field(
                "scores.mode", mark("Marks by the language model"), mark("They stand in the record of an answer."),
                kind="choice",
                choices=(("auto", mark("on a graphics card")), ("on", mark("always")), ("off", mark("never"))),
            ),
            Field("scores.question", mark("Mark whether it is a question"), kind="switch"),
            Field("scores.relevance", mark("Mark how well passages fit"), kind="switch"),
            Field("scores.unknown", mark("Mark whether the reply does not know"), kind="switch"),
            Field("scores.safety", mark("Mark how harmful the reply is"), kind="switch"),
        ),
    ),
    Topic(
        "documents",
        mark("Documents"),
        (
            Field(
                "chunks.max_tokens", mark("Longest passage"), mark("Changing it cuts every document anew."), least=50,
                most=4000, unit=mark("tokens"),
            ),
            Field(
                "chunks.max_cjk_chars", mark("Longest passage in Chinese"), least=50, most=4000, unit=mark("characters")
            ),
            Field("index.max_file_bytes", mark("Largest file"), least=1, most=100_000, scale=MB, unit="MB"),
            Field(
                "index.ignore", mark("Files to leave out"), mark("Patterns as in .gitignore, one a line."), kind="lines"
            ),
            Field(
                "documents.ocr", mark("Scanned pages"), kind="choice",
                choices=(("auto", mark("read where an engine is there")), ("off", mark("left unread"))),
            ),
            Field(
                "documents.ocr_engine", mark("Read by"), kind="choice",
                choices=(("auto", mark("whichever is there")), ("rapidocr", "RapidOCR"), ("tesseract", "Tesseract")),
            ),
        ),
    ),
    Topic(
        "models",
        mark("Models"),
        (
            Field(
                "models.gpu_layers", mark("Layers on the graphics card"), least=-1, most=1000,
                special=mark("as many as fit"),
            ),
            Field("models.threads", mark("Threads"), most=512, special=mark("one a core")),
            Field(
                "models.context_tokens", mark("Context"), mark("Less is taken where there is no memory for it."),
                most=1_000_000, unit=mark("tokens"), special=mark("automatic"),
            ),
            Field(
                "models.kv_type", mark("Keep the context"),
                mark("Half or a quarter of the memory, a little less exactly."), kind="choice",
                choices=(("", mark("automatic")), ("f16", "f16"), ("q8_0", "q8_0"), ("q4_0", "q4_0")),
            ),
            Field(
                "models.flash_attention", mark("Flash attention"), kind="choice",
                choices=(("auto", mark("automatic")), ("on", mark("on")), ("off", mark("off"))),
            ),
            Field("models.batch", mark("Tokens read at a time"), most=8192, special=mark("automatic")),
            Field(
                "models.unload_after_s", mark("Free the memory after"),
                mark("Without a question; the next one loads it."), kind="decimal", most=86_400,
                unit=mark("seconds"), special=mark("never"),
            ),
            Field(
                "models.onnx_device", mark("Embedder and reranker run"), kind="choice",
                choices=(("auto", mark("on a graphics card where one works")), ("cpu", mark("on the processor"))),
            ),
        ),
    ),
    Topic(
        "safety",
        mark("Safety"),
        (
            Field("safety.questions", mark("A question must not contain"), kind="lines"),
            Field(
                "safety.answers", mark("No answer may contain"),
                mark("One a line: words, or a regular expression between slashes. Quotations are held to it too."),
                kind="lines",
            ),
            Field("safety.generated", mark("A written answer may not contain"), kind="lines"),
            Field(
                "safety.judge", mark("Let the language model judge its own answers"), mark("Costs a second prompt."),
                kind="switch",
            ),
            Field("safety.judge_limit", mark("Not shown from this harm on"), least=1, most=10),
        ),
    ),
    Topic(
        "network",
        mark("Network"),
        (
            Field(
                "window.downloads", mark("This window may download models"),
                mark("Each download asks once more and says how much is fetched."), kind="switch",
            ),
            Field(
                "downloads.allowed", mark("Downloads are allowed at all"),
                mark("Off: neither the window nor “hxd models download” fetches anything."), kind="switch",
            ),
            Field("downloads.first", mark("Ask first"), kind="choice", choices=_HUBS),
            Field("downloads.huggingface", mark("Addresses of Hugging Face and its mirrors"), kind="lines"),
            Field("downloads.modelscope", mark("Addresses of ModelScope"), kind="lines"),
            Field(
                "remote.allowed", mark("A remote model may be asked"),
                mark("Questions and their passages leave this machine. It is named on the page of models."),
                kind="switch",
            ),
            Field(
                "updates.allowed", mark("Look for newer versions"),
                mark("Once a day at most. Nothing is downloaded or installed."), kind="switch",
            ),
            Field(
                "updates.feed", mark("Where to look"),
                mark("The address of a feed of releases; empty for the one that this application was built with."),
                kind="line",
            ),
        ),
    ),
    Topic("data", mark("Data")),
    Topic("keys", mark("Keys")),
    Topic(
        "advanced",
        mark("Advanced"),
        (
            Field(
                "index.workers", mark("Processes that read files"), most=64, special=mark("one a core, four at most")
            ),
            Field(
                "index.parse_timeout_s", mark("Longest time for a file"), kind="decimal", least=1, most=3600,
                unit=mark("seconds"),
            ),
            Field(
                "index.parse_memory_bytes", mark("Most memory for a file"), least=64, most=1_000_000, scale=MB,
                unit="MB",
            ),
            Field(
                "index.poll_seconds", mark("Look at unwatched folders every"), kind="decimal", least=0.5, most=3600,
                unit=mark("seconds"),
            ),
            Field(
                "documents.ocr_page_timeout_s", mark("Longest time for a scanned page"), kind="decimal", least=1,
                most=3600, unit=mark("seconds"),
            ),
            Field(
                "documents.ocr_memory_bytes", mark("Most memory for scanned pages"), least=256, most=1_000_000,
                scale=MB, unit="MB",
            ),
            Field(
                "documents.ocr_confidence", mark("Say when read with less confidence than"), kind="decimal", most=1
            ),
            Field(
                "remote.timeout_s", mark("Longest silence of a remote model"), kind="decimal", least=1, most=3600,
                unit=mark("seconds"),
            ),
            Field(
                "remote.context_tokens", mark("Context of a remote model"), least=512, most=1_000_000,
                unit=mark("tokens"),
            ),
        ),
    ),
)  # fmt: skip


def read(settings: Settings, path: str) -> Any:
    """The value of a setting."""
    page, _, name = path.partition(".")
    return getattr(getattr(settings, page), name)


def replaced(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """`settings` with other values, by their paths."""
    pages: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        page, _, name = path.partition(".")
        pages.setdefault(page, {})[name] = value
    changed = {page: dataclasses.replace(getattr(settings, page), **names) for page, names in pages.items()}
    return dataclasses.replace(settings, **changed)


def fault(field: Field, value: Any) -> str:
    """What is wrong with a value, in a sentence; "" for nothing."""
    if field.path.startswith("safety.") and field.kind == "lines":
        for entry in value:
            try:
                re.compile(rule_expression(entry) or "")
            except re.error as error:
                return t("{entry} is not a regular expression: {why}", entry=entry, why=error)
    if field.kind == "keys" and parse(value) is None:
        return t("A key for the whole system is one key with Ctrl, Alt or the system's key held.")
    if field.path.startswith("downloads.") and field.kind == "lines":
        for entry in value:
            if not re.match(r"https?://[^\s/]+", entry):
                return t("{entry} is not an address like https://host", entry=entry)
    if field.path == "updates.feed" and value and not is_usable(value):
        return t("{entry} is not an address like https://host", entry=value)
    return ""


def effect(before: Settings, after: Settings) -> str:
    """What applying the change sets going, in a sentence; "" for nothing worth saying."""
    if before.chunks != after.chunks:
        return t("Every document is cut anew and gets new vectors. Until then, words find what vectors do not.")
    if (before.index, before.documents) != (after.index, after.documents):
        return t("The folders are looked at once more.")
    if before.models != after.models:
        return t("The language model is loaded anew with the next question.")
    return ""
