"""The states of the page of models, for the gallery."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.events import ModelProgress
from hxd_desktop.engine.models.protocols import GenerationInfo
from hxd_desktop.engine.models.tryout import Tryout
from hxd_desktop.engine.settings import WindowSettings
from hxd_desktop.engine.switching import EmbedderCost
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.manage.page import ModelsPage
from hxd_desktop.ui.manage.rows import ModelRow
from hxd_desktop.ui.problems import Problem

if TYPE_CHECKING:
    from hxd_desktop.ui.scenes import Engines
    from hxd_desktop.ui.studio import Studio

_LLM, _SMALL, _E5 = "internlm2_5-7b-chat-q4_k_m", "internlm2_5-1_8b-chat-q4_k_m", "multilingual-e5-small"
_DEVICE = {"cores": 8, "memory_bytes": 16 << 30, "memory_available_bytes": 5 << 30, "llama_cpp": "0.3", "gpu": ["cuda"]}


def _page(made: Studio, engines: Engines) -> ModelsPage:
    made.show_engine(engines.full)
    page = made.window.pages.show_page("models")
    assert isinstance(page, ModelsPage)
    made.settle()
    return page


def _with_models(page: ModelsPage) -> ModelsPage:
    """As if a language model and an embedder had been taken in, on a machine with a graphics card."""
    session, rows = page.session, []
    for row in session.rows:
        changes: dict[str, Any] = {}
        if row.id in (_LLM, _E5):
            changes = {"state": "ready", "verified": True, "removable": True, "in_use": row.id == _LLM}
        elif row.id == "extractive":
            changes = {"in_use": False}
        elif row.id == _SMALL:
            changes = {"state": "partial", "removable": True}
        rows.append(dataclasses.replace(row, **changes))
    damaged = ModelRow(
        "old-model", "reranker", "bge-reranker-base", "damaged", 296_000_000, 611_000_000, False, False, True
    )
    session.rows, session.device = [*rows, damaged], _DEVICE
    session.changed.emit()
    return page


def _models(made: Studio, engines: Engines) -> None:
    _with_models(_page(made, engines))


def _built_in(made: Studio, engines: Engines) -> None:
    _page(made, engines)


def _opening(made: Studio, engines: Engines) -> None:
    made.window.pages.show_page("models")


def _offered(made: Studio, engines: Engines) -> None:
    page = _with_models(_page(made, engines))
    page.sections["generator"].more.setChecked(True)


def _download_off(made: Studio, engines: Engines) -> None:
    page = _page(made, engines)
    page.sections["embedder"].more.setChecked(True)
    _ask(page, _E5, "ask_download")


def _download(made: Studio, engines: Engines) -> None:
    page = _page(made, engines)
    assistant = engines.full
    before = assistant.settings
    assistant.settings = dataclasses.replace(before, window=dataclasses.replace(WindowSettings(), downloads=True))
    try:
        page.sections["embedder"].more.setChecked(True)
        _ask(page, _E5, "ask_download")
    finally:
        assistant.settings = before


def _ask(page: ModelsPage, model: str, question: str) -> None:
    card = page.card(model)
    assert card is not None
    getattr(card, question)()
    page.area.ensureWidgetVisible(card)


def _busy(made: Studio, engines: Engines) -> None:
    """A download, an import, and an embedder's vectors under way; a failure."""
    page = _with_models(_page(made, engines))
    session = page.session
    for job in (
        ModelProgress(_SMALL, "download", "running", 412_000_000, 1_170_000_000, 8.4e6, 90.0, "huggingface.co"),
        ModelProgress("/home/ann/qwen2.gguf", "import", "running", 900_000_000, 2_100_000_000),
        ModelProgress(_E5, "use", "running", 12_400, 40_000, 46.0, 600.0),
    ):
        session._progressed(job)
    title, remedy = t("The library is still being opened."), t("Try again in a moment.")
    session.failures["old-model"] = Problem(t("Not ready yet"), title, remedy, "details")
    session.job_changed.emit("old-model")
    made.settle()


def _cost(made: Studio, engines: Engines) -> None:
    page = _with_models(_page(made, engines))
    card = page.card(_E5)
    assert card is not None
    card.show_cost(EmbedderCost(_E5, "builtin", 41_000, 1_000, 40_000, 47.0, 851.0, 92_000_000, 210_000_000_000))
    page.area.ensureWidgetVisible(card)


def _tried(made: Studio, engines: Engines) -> None:
    page = _with_models(_page(made, engines))
    made.settle()
    text = "I answer questions from the documents that you give me, and name the sources."
    page.trial.reply.show()
    page.session.trial_text.emit(text)
    info = GenerationInfo(_LLM, "cuda", 33, 33, 8192)
    page.session.trial_ended.emit(Tryout(text, info, 16, 1.3, 47.8))


def _remote(made: Studio, engines: Engines) -> None:
    page = _page(made, engines)
    page.remote.allowed.setChecked(True)
    page.remote.url.setText("https://models.example.org/v1")
    page.remote.model.setText("internlm3-8b-instruct")
    made.settle()
    page.area.ensureWidgetVisible(page.remote)


MANAGE: dict[str, Callable[[Studio, Engines], object]] = {
    "models": _models,
    "models-new": _built_in,
    "models-opening": _opening,
    "models-offered": _offered,
    "models-download-off": _download_off,
    "models-download": _download,
    "models-busy": _busy,
    "models-cost": _cost,
    "models-tried": _tried,
    "models-remote": _remote,
}
