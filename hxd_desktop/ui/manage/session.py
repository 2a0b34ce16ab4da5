"""What the page of models knows and can ask of the engine; no widgets."""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.engine.events import ModelProgress
from hxd_desktop.engine.settings import RemoteSettings
from hxd_desktop.ui.bridge import FRAME_MS, Bridge
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.manage.rows import ModelRow, rows_of
from hxd_desktop.ui.problems import Problem, problem_of


class ModelsSession(QObject):
    """Follows models and the long work on them.

    `rows` and `device` are what the engine said last; `jobs` is the work under way by model, `failures` what ended
    badly by model.
    """

    changed = Signal()  # rows, device
    job_changed = Signal(str)  # model
    cost_known = Signal(object)  # EmbedderCost
    cost_failed = Signal(str, object)  # model, Problem
    trial_text = Signal(str)  # a piece
    trial_ended = Signal(object)  # Tryout or Problem
    remote_told = Signal(str, str)  # what the test or the key came to, its ink

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.rows: list[ModelRow] = []
        self.device: dict[str, Any] = {}
        self.jobs: dict[str, ModelProgress] = {}
        self.failures: dict[str, Problem] = {}
        self.key_place: str | None = None
        self._followed = False
        self._trial: int | None = None
        self._test: int | None = None
        self._pieces: deque[str] = deque()
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._flush)
        bridge.status.connect(lambda _: self.refresh())
        bridge.model_progress.connect(self._progressed)

    # -- what is there -----------------------------------------------------------------------------------------
    def follow(self) -> None:
        """Keep up to date from now on: somebody looks at it."""
        self._followed = True
        self.refresh()

    def refresh(self) -> None:
        """Ask for all models anew, if somebody looks at them; ends in `changed`."""
        if not (self.bridge.ready and self._followed):
            return

        def work(assistant: Any) -> tuple[list[ModelRow], dict[str, Any], str | None]:
            status = assistant.status()
            rows = rows_of(assistant.models(), assistant.available_models(), status.models)
            return rows, dict(status.device), _key_place(assistant)

        self.bridge.call(work, self._known)

    def _known(self, result: tuple[list[ModelRow], dict[str, Any], str | None]) -> None:
        self.rows, self.device, self.key_place = result
        self.changed.emit()

    @property
    def may_download(self) -> bool:
        """Whether the settings let the window use the network for models."""
        settings = self.bridge.settings
        return settings.downloads.allowed and settings.window.downloads

    @property
    def mirrors(self) -> list[str]:
        """The addresses that a model may be fetched from, the first one first."""
        downloads = self.bridge.settings.downloads
        hubs = [downloads.huggingface, downloads.modelscope]
        return [address for hub in (hubs if downloads.first == "huggingface" else reversed(hubs)) for address in hub]

    # -- long work ---------------------------------------------------------------------------------------------
    def import_path(self, path: str) -> None:
        """Take in a model from a file or folder."""
        self._begin("import", path, lambda assistant: assistant.start_import(path))

    def download(self, model: str, mirror: str = "") -> None:
        """Fetch a model over the network; `mirror` is asked first."""
        self._begin("download", model, lambda assistant: assistant.start_download(model, mirror=mirror))

    def use(self, model: str) -> None:
        """Use a model; for another embedder its vectors are made first."""
        self._begin("use", model, lambda assistant: assistant.start_use(model))

    def without_reranker(self) -> None:
        """Use no reranker."""

        def work(assistant: Any) -> None:
            models = dataclasses.replace(assistant.settings.models, reranker="")
            assistant.update_settings(dataclasses.replace(assistant.settings, models=models))

        self.bridge.call(work)

    def cancel(self, model: str) -> None:
        """Stop the work on a model; what was fetched or made is kept."""
        job = self.jobs.get(model)
        if job is not None:
            self.bridge.call(lambda assistant: assistant.model_jobs.cancel(job.job, model))

    def remove(self, model: str) -> None:
        """Delete a model's files."""
        self._forget_failure(model)
        self.bridge.call(lambda a: a.remove_model(model), failed=lambda problem: self._failed(model, problem))

    def ask_cost(self, model: str) -> None:
        """Ask what another embedder takes; ends in `cost_known` or `cost_failed`."""
        self._forget_failure(model)
        self.bridge.call(
            lambda assistant: assistant.embedder_cost(model),
            self.cost_known.emit,
            lambda problem: self.cost_failed.emit(model, problem),
        )

    def _begin(self, job: str, model: str, start: Any) -> None:
        self._forget_failure(model)
        if model in self.jobs:
            return
        if self.bridge.ready:
            self.jobs[model] = ModelProgress(model, job, "running")
            self.job_changed.emit(model)
        self.bridge.call(start, failed=lambda problem: self._failed(model, problem))

    def _progressed(self, event: ModelProgress) -> None:
        if event.state == "running":
            self.jobs[event.model] = event
        else:
            self.jobs.pop(event.model, None)
            if event.state == "failed":
                self.failures[event.model] = problem_of(event.error) if event.error else _unexpected()
        self.job_changed.emit(event.model)
        if event.state != "running":
            self.refresh()

    def _failed(self, model: str, problem: Problem) -> None:
        self.jobs.pop(model, None)
        self.failures[model] = problem
        self.job_changed.emit(model)

    def _forget_failure(self, model: str) -> None:
        if self.failures.pop(model, None) is not None:
            self.job_changed.emit(model)

    # -- a test prompt -----------------------------------------------------------------------------------------
    @property
    def trying(self) -> bool:
        """Whether the language model answers a test prompt."""
        return self._trial is not None

    def try_prompt(self, prompt: str) -> None:
        """Let the language model answer a prompt; ends in `trial_ended`."""
        if self.trying or not prompt.strip():
            return
        self._pieces.clear()
        self._frame.start()
        self._trial = -1
        ticket = self.bridge.start(
            lambda assistant, token: assistant.try_generator(prompt, self._pieces.append, token),
            self._trial_over,
            self._trial_over,
        )
        if self._trial is not None:
            self._trial = ticket

    def stop_prompt(self) -> None:
        """Stop the test."""
        if self._trial is not None:
            self.bridge.stop(self._trial)

    def _flush(self) -> None:
        pieces = [self._pieces.popleft() for _ in range(len(self._pieces))]
        if pieces:
            self.trial_text.emit("".join(pieces))

    def _trial_over(self, end: object) -> None:
        self._frame.stop()
        self._flush()
        self._trial = None
        self.trial_ended.emit(end)

    # -- the remote model --------------------------------------------------------------------------------------
    def set_remote(self, remote: RemoteSettings) -> None:
        """Keep what is set of the remote model."""

        def work(assistant: Any) -> None:
            if remote.allowed:
                from hxd_desktop.engine.models.remote_address import parse_address

                parse_address(remote.url)  # an address that cannot be used is not turned on
            assistant.update_settings(dataclasses.replace(assistant.settings, remote=remote))

        self.bridge.call(work, lambda _: self._remote_says(t("Applied"), "good"), self._remote_failed)

    def set_key(self, key: str) -> None:
        """Keep the server's key in the system's keyring; an empty one takes it out."""
        self.bridge.call(
            lambda assistant: assistant.remote.set_key(key) if key else assistant.remote.forget_key(),
            lambda _: self._remote_says(t("The key is kept") if key else t("The key is forgotten"), "good"),
            self._remote_failed,
        )

    def test_remote(self) -> None:
        """Ask the remote model for one word; uses the network."""
        if self._test is not None:
            return

        def over(text: str, ink: str) -> None:
            self._test = None
            self._remote_says(text, ink)

        self._test = -1
        self.remote_told.emit(t("Asking…"), "")
        ticket = self.bridge.start(
            lambda assistant, token: assistant.remote.try_out(token),
            lambda said: over(t("It says: {text}", text=said), "good"),
            lambda problem: over(_one_line(problem), "bad"),
        )
        if self._test is not None:
            self._test = ticket

    def _remote_failed(self, problem: Problem) -> None:
        self._remote_says(_one_line(problem), "bad")

    def _remote_says(self, text: str, ink: str) -> None:
        self.remote_told.emit(text, ink)
        self.refresh()


def _key_place(assistant: Any) -> str | None:
    try:
        place: str | None = assistant.remote.key_place()
    except Exception:  # noqa: BLE001 - an address that cannot be used has no key
        return None
    return place


def _one_line(problem: Problem) -> str:
    return " ".join(part for part in (f"{problem.title}.", problem.message, problem.remedy) if part)


def _unexpected() -> Problem:
    return Problem(
        t("Something unexpected happened"),
        t("This is a fault of the application, not of your documents."),
        t("The log says more."),
    )
