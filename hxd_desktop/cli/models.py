"""`hxd models`: embedder, reranker and language model."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened
from hxd_desktop.cli.progress import Line
from hxd_desktop.engine.events import Event, ModelProgress

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.models.downloading import DownloadProgress
    from hxd_desktop.engine.switching import EmbedderCost

_ASK_FROM_S = 60.0  # what takes longer is asked about, on a terminal

KEYS = ("id", "kind", "state", "bytes", "sha256", "verified", "shipped")


def list_all(arguments: argparse.Namespace) -> int:
    """Print every model, and with `--available` what can be downloaded."""
    with opened(arguments, writable=False) as assistant:
        if not arguments.available:
            return _show(arguments, assistant, assistant.models(), {"available": []})
        available = assistant.available_models()
        _show(arguments, assistant, assistant.models(), {"available": available})
        if not arguments.json:
            _show_available(available)
    return 0


def import_path(arguments: argparse.Namespace) -> int:
    """Take in a model and print it."""
    with opened(arguments, writable=False) as assistant, Interrupt() as interrupt:
        model = interrupt.run(lambda token: assistant.import_model(arguments.path, cancel=token))
        return _show(arguments, assistant, [model])


def download(arguments: argparse.Namespace) -> int:
    """Fetch a model over the network and print it; other commands may write meanwhile."""
    with opened(arguments, writable=False) as assistant, Interrupt() as interrupt:
        line = Line()
        output.note(f"Downloading {text.one_line(arguments.id)}: this asks the network.")

        def show(progress: DownloadProgress) -> None:
            line.show(describe(progress))

        try:
            model = interrupt.run(
                lambda token: assistant.download_model(
                    arguments.id, mirror=arguments.mirror or "", progress=show, cancel=token
                )
            )
        finally:
            line.clear()
        return _show(arguments, assistant, [model])


def describe(progress: DownloadProgress) -> str:
    """Return one line that says how far a download is, how fast, and how long it still takes."""
    parts = [f"{progress.source}: {text.size(progress.bytes_done)} of {text.size(progress.bytes_total)}"]
    if progress.bytes_per_s > 0:
        parts.append(f"{text.size(progress.bytes_per_s)}/s")
    if progress.seconds_left is not None:
        parts.append(f"{text.duration(progress.seconds_left)} left")
    return " · ".join(parts)


def remove(arguments: argparse.Namespace) -> int:
    """Remove a model and print those that are left."""
    with opened(arguments, writable=True) as assistant:
        assistant.remove_model(arguments.id)
        return _show(arguments, assistant, assistant.models())


def use(arguments: argparse.Namespace) -> int:
    """Use a model from now on and print all of them with their new states.

    Another embedder is used once its vectors are made; Ctrl-C keeps the one in use.
    """
    with opened(arguments, writable=True) as assistant, Interrupt() as interrupt:
        cost = _cost(assistant, arguments.id)
        if cost is not None and not arguments.json:
            output.say(describe_cost(cost))
        if not arguments.dry_run:
            if cost is not None and not (arguments.yes or arguments.json) and not _agreed(cost):
                output.say("Nothing was changed.")
                return 1
            _exchange(assistant, arguments.id, interrupt)
        return _show(arguments, assistant, assistant.models(), {"change": None if cost is None else asdict(cost)})


def _cost(assistant: Assistant, model_id: str) -> EmbedderCost | None:
    """What the change costs; None where the model is no embedder, or in use already."""
    kind = next((model["kind"] for model in assistant.models() if model["id"] == model_id), None)
    if kind != "embedder" or model_id == assistant.status().models["embedder"]:
        return None
    return assistant.embedder_cost(model_id)


def describe_cost(cost: EmbedderCost) -> str:
    """Return one line that says what another embedder takes."""
    if not cost.to_embed:
        return f"{cost.model}: the vectors of all {text.number(cost.chunks)} passages are there."
    speed = f", at {cost.chunks_per_s:.0f} a second about {text.duration(cost.seconds)}" if cost.chunks_per_s else ""
    known = f"; {text.number(cost.cached)} are known" if cost.cached else ""
    return (
        f"{cost.model}: {text.number(cost.to_embed)} of {text.number(cost.chunks)} passages to embed{known}{speed}; "
        f"about {text.size(cost.disk_bytes)} on the disk. Until then {cost.in_use} answers."
    )


def _agreed(cost: EmbedderCost) -> bool:
    if cost.seconds < _ASK_FROM_S or not sys.stdin.isatty():
        return True
    output.note("Go on? [Y/n] (Ctrl-C stops it later as well; what was embedded is kept)")
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


def _exchange(assistant: Assistant, model_id: str, interrupt: Interrupt) -> None:
    line = Line()

    def show(event: Event) -> None:
        if isinstance(event, ModelProgress) and event.state == "running":
            parts = [f"{event.model}: {text.number(event.done)}/{text.number(event.total)} passages"]
            if event.seconds_left is not None:
                parts.append(f"{text.duration(event.seconds_left)} left")
            line.show(" · ".join(parts))

    unsubscribe = assistant.events.subscribe(show)
    try:
        interrupt.run(lambda token: assistant.use_model(model_id, cancel=token))
    finally:
        unsubscribe()
        line.clear()


def _show_available(available: Sequence[dict[str, Any]]) -> None:
    output.say()
    output.say("To be had with `hxd models download ID` (about: size, memory while it runs):")
    rows = [
        (
            str(model["id"]),
            str(model["kind"]),
            "" if model["state"] == "available" else str(model["state"]),
            text.size(model["bytes"]),
            text.size(model["memory_bytes"]),
            ", ".join("any language" if code == "*" else code for code in model["languages"]),
            str(model["licence"]),
        )
        for model in available
    ]
    for line in text.table(rows, right=(3, 4)):
        output.say(line)


def _show(
    arguments: argparse.Namespace,
    assistant: Assistant,
    models: Sequence[dict[str, Any]],
    more: Mapping[str, Any] | None = None,
) -> int:
    if arguments.json:
        output.emit({"models": [{key: model.get(key) for key in KEYS} for model in models], **(more or {})})
        return 0
    used = set(assistant.status().models.values())
    rows = [
        (
            "*" if model["id"] in used else "",
            str(model["id"]),
            str(model["kind"]),
            str(model["state"]),
            text.size(model["bytes"]) if model.get("bytes") else "",
            "verified" if model.get("verified") else "",
            "comes with the application" if model.get("shipped") else "",
        )
        for model in models
    ]
    for line in text.table(rows, right=(4,)):
        output.say(line)
    output.say("* in use")
    return 0
