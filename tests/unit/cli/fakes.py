"""A stand-in for the engine that remembers what it was asked, and what a command printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hxd_desktop.engine.answering.model import Answer, Conflict, Grounding, Outcome, Refusal, Source, TraceStage
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.evaluation.run import Run
from hxd_desktop.engine.events import EventBus
from hxd_desktop.engine.library.model import (
    Check,
    Example,
    FolderInfo,
    FolderState,
    IndexReport,
    LibraryInfo,
    Repair,
    Status,
)
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.switching import EmbedderCost
from hxd_desktop.engine.updates.checking import LastCheck

SOURCE = Source(
    n=1,
    library="default",
    document="/docs/差旅.md",
    page=3,
    heading="3 住宿标准",
    start=10,
    end=42,
    text="一线城市住宿费每晚上限 600 元。\x1b[31m",
    scores={"bm25": 17.2, "fused": 0.8},
)


def make_answer(outcome: Outcome = Outcome.ANSWERED, **changes: Any) -> Answer:
    answered = outcome is Outcome.ANSWERED
    values: dict[str, Any] = {
        "question": "住宿费上限?",
        "outcome": outcome,
        "answer": "每晚上限 600 元。[1]" if answered else "",
        "refusal": Refusal(
            score=0.06 if answered else 0.93,
            threshold=0.5,
            margin=0.44 if answered else 0.43,
            reason=None if answered else "the documents do not cover it",
            signals={"bm25": 17.2},
            library="default",
        ),
        "sources": (SOURCE,),
        "grounding": Grounding(0.97, (), (Conflict((1, 2), ("¥600", "¥500")),)) if answered else Grounding(),
        "trace": (TraceStage("retrieval", "pass", 3.1), TraceStage("gate", "pass", 0.2, 0.06, 0.5)),
        "model": {"generator": "extractive", "embedder": "builtin", "reranker": None, "device": "cpu"},
        "libraries": ({"name": "default", "documents": 41, "indexing": False},),
        "ms": 12.4,
    }
    return Answer(**{**values, **changes})


def make_report(**changes: Any) -> IndexReport:
    documents = dict.fromkeys(("indexed", "unchanged", "removed", "empty", "failed", "skipped", "needs_ocr"), 0)
    documents |= {"indexed": 3, "failed": 1}
    values: dict[str, Any] = {
        "library": "default",
        "documents": documents,
        "chunks": 12,
        "seconds": 0.52,
        "seconds_words": 0.31,
        "bytes": 123456,
        "failures": ({"path": "/docs/broken.pdf", "reason": "password needed"},),
    }
    return IndexReport(**{**values, **changes})


def make_run(kind: str = "refusal", run_id: int = 0) -> Run:
    """A small run of real form."""
    from hxd_desktop.engine.evaluation.runner import qa_figures, refusal_figures

    if kind == "refusal":
        rows: list[dict[str, Any]] = [
            {"question": "住宿费上限?", "answerable": True, "score": 0.06, "passed": True, "ms": 3.0},
            {"question": "天气?", "answerable": False, "score": 0.93, "passed": run_id == 2, "ms": 5.0},
        ]
        figures = refusal_figures(rows, 0.5)
    else:
        rows = [
            {
                "id": "1", "question": "住宿费上限?", "answers": [["600 元"]], "outcome": "answered", "score": 0.06,
                "answer": "每晚上限 600 元。[1]", "answered": True, "refused": False, "contains": True,
                "exact_match": False, "bleu": 0.2, "rouge_l": 0.4, "faithfulness_lexical": 1.0,
                "answer_relevance_lexical": 0.5, "faithfulness_llm": None, "answer_relevance_llm": None,
                "rank": 0, "context_precision": 1.0, "context_recall": 1.0, "ms": 3.0,
            }
        ]  # fmt: skip
        figures = qa_figures(rows)
    return Run(kind, "default", "f.jsonl", "ab", 1_774_000_000.0, {"gate": "12ab"}, figures, rows, run_id)


@dataclass
class FakeEvaluations:
    """Two runs that are kept; the calls are noted with the assistant."""

    assistant: FakeAssistant

    def refusal(self, questions: str, library: str, **named: Any) -> Run:
        self.assistant._note("evaluate_refusal", questions, library, **named)
        named["progress"](1, 2)
        return make_run()

    def qa(self, questions: str, library: str, **named: Any) -> Run:
        self.assistant._note("evaluate_qa", questions, library, **named)
        return make_run("qa")

    def keep(self, run: Run) -> Run:
        if self.assistant.unkept:
            raise self.assistant.unkept
        return replace(run, id=3)

    def all(self) -> list[Run]:
        self.assistant._note("runs")
        return [make_run(run_id=2), make_run("qa", 1)]

    def get(self, run_id: int) -> Run:
        self.assistant._note("run", run_id)
        return make_run(run_id=run_id)

    def remove(self, run_id: int) -> None:
        self.assistant._note("remove_run", run_id)

    def compare(self, first: int, second: int) -> dict[str, Any]:
        from hxd_desktop.engine.evaluation.comparison import compare

        return compare(self.get(first), self.get(second))


@dataclass
class FakeRemote:
    assistant: FakeAssistant

    def key_place(self) -> str | None:
        return "keyring"

    def set_key(self, key: str) -> None:
        self.assistant._note("set_key", key)

    def forget_key(self) -> bool:
        self.assistant._note("forget_key")
        return True

    def try_out(self, cancel: CancelToken) -> str:
        self.assistant._note("try_out")
        return "ready"


@dataclass
class FakeUpdates:
    assistant: FakeAssistant

    @property
    def allowed(self) -> bool:
        return self.assistant.settings.updates.allowed

    @property
    def feed(self) -> str:
        return self.assistant.settings.updates.feed

    def last(self) -> LastCheck:
        return self.assistant.checked

    def check(self, cancel: CancelToken) -> LastCheck:
        self.assistant._note("check_updates")
        return self.assistant.checked


@dataclass
class FakeAssistant:
    """Answers every call at once with what a test put in, and keeps the calls."""

    writable: bool = True
    data_dir: Path | str | None = None
    events: EventBus = field(default_factory=EventBus)
    settings: Settings = field(default_factory=Settings)
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    closed: bool = False
    checked: LastCheck = field(default_factory=LastCheck)
    answer: Answer = field(default_factory=make_answer)
    pieces: tuple[str, ...] = ()
    raises: BaseException | None = None
    healthy: bool = True
    on_call: Callable[[str], None] | None = None
    unkept: HxdError | None = None

    def _note(self, name: str, *arguments: Any, **named: Any) -> None:
        self.calls.append((name, arguments, named))
        if self.on_call:
            self.on_call(name)
        if self.raises:
            raise self.raises

    def close(self) -> None:
        self.closed = True

    def add_folder(self, path: str, library: str = "default", *, ocr: bool | None = None) -> None:
        self._note("add_folder", path, library, ocr)

    def index(self, library: str = "default", **named: Any) -> IndexReport:
        self._note("index", library, **named)
        return make_report(library=library)

    def start_watching(self) -> None:
        self._note("start_watching")

    def ask(self, question: str, libraries: Any, **named: Any) -> Answer:
        self._note("ask", question, list(libraries), **named)
        if named.get("on_stage"):
            named["on_stage"]("retrieval")
        for piece in self.pieces:
            named["on_text"](piece)
        return self.answer

    def search(self, query: str, libraries: Any, **named: Any) -> list[Source]:
        self._note("search", query, list(libraries), **named)
        return list(self.answer.sources)

    def examples(self, library: str = "default") -> list[Example]:
        self._note("examples", library)
        return [Example(1, library, "q", True, "typed"), Example(2, library, "天气?", False, "imported")]

    def add_example(self, question: str, answerable: bool, library: str = "default", source: str = "typed") -> Example:
        self._note("add_example", question, answerable, library)
        return Example(7, library, question, answerable, source)

    def import_examples(self, file: str, library: str, answerable: bool | None) -> list[Example]:
        self._note("import_examples", file, library, answerable)
        return [Example(8, library, "q", bool(answerable), "imported")]

    def remove_example(self, example_id: int) -> None:
        self._note("remove_example", example_id)

    def calibrate(self, library: str, **named: Any) -> SimpleNamespace:
        self._note("calibrate", library, **named)
        return SimpleNamespace(
            n_good=3,
            n_bad=2,
            threshold=0.5,
            class_gap=0.4,
            precision=1.0,
            recall=0.67,
            f1=0.8,
            curve=[{"threshold": 0.5, "precision": 1.0, "recall": 0.67}],
            enough_examples=False,
        )

    @property
    def evaluations(self) -> FakeEvaluations:
        return FakeEvaluations(self)

    def models(self) -> list[dict[str, Any]]:
        self._note("models")
        return [
            {"id": "builtin", "kind": "embedder", "state": "in use", "bytes": 0, "sha256": None, "verified": True},
            {"id": "m.gguf", "kind": "generator", "state": "ready", "bytes": 12, "sha256": "ab", "verified": True},
        ]

    def import_model(self, path: str, **named: Any) -> dict[str, Any]:
        self._note("import_model", path)
        return self.models()[1]

    def available_models(self) -> list[dict[str, Any]]:
        self._note("available_models")
        return [
            {
                "id": "e5", "kind": "embedder", "name": "E5", "state": "partial", "bytes": 12, "memory_bytes": 20,
                "licence": "MIT", "languages": ["*"], "context_tokens": 512, "hubs": ["huggingface"],
            }
        ]  # fmt: skip

    def download_model(self, model_id: str, **named: Any) -> dict[str, Any]:
        from hxd_desktop.engine.models.downloading import DownloadProgress

        self._note("download_model", model_id, **named)
        named["progress"](DownloadProgress("hub.example", 5, 12, 2.0, 3.5))
        return self.models()[1]

    def remove_model(self, model_id: str) -> None:
        self._note("remove_model", model_id)

    def use_model(self, model_id: str, **named: Any) -> None:
        self._note("use_model", model_id)

    def embedder_cost(self, model_id: str) -> EmbedderCost:
        self._note("embedder_cost", model_id)
        return EmbedderCost(model_id, "builtin", 812, 12, 800, 40.0, 20.0, 1_000_000, 2_000_000)

    @property
    def remote(self) -> FakeRemote:
        return FakeRemote(self)

    @property
    def updates(self) -> FakeUpdates:
        return FakeUpdates(self)

    def update_settings(self, settings: Settings) -> None:
        self._note("update_settings", settings)
        self.settings = settings

    def status(self) -> Status:
        self._note("status")
        folder = FolderInfo(1, "default", "/docs", FolderState.OFFLINE, detail="not mounted")
        library = LibraryInfo(
            1, "default", (folder,), {DocumentState.INDEXED: 41, DocumentState.FAILED: 1}, 812, 12, 1_500_000
        )
        return Status(
            "0.1.0",
            str(self.data_dir),
            (library,),
            {"embedder": "builtin", "reranker": None, "generator": "extractive"},
            {"kind": "cpu", "cores": 2, "vectors": "CUDA", "vectors_note": "", "generator": None},
            writer_pid=4711,
        )

    def repair(self, data_dir: Path | str | None = None) -> list[Repair]:
        self._note("repair", data_dir)
        return [Repair("words of default", "the full text was made anew from the passages")]

    def check(self, *, compare: bool = False) -> list[Check]:
        self._note("check", compare=compare)
        return [
            Check("database", True, "schema 1"),
            Check("vectors", self.healthy, "12 chunks without a vector", "" if self.healthy else "Run hxd index."),
        ]


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)
