"""Models as the page lists them, from what the engine knows; no widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import mark, t

KINDS = ("generator", "embedder", "reranker")
BUILT_IN = ("builtin", "extractive")
_WORKING_BYTES = 300 << 20  # what computing takes beside the weights, roughly
_SHARE = 0.8  # of all memory that a model may take when other programs are closed

_TITLES = {
    "generator": (
        mark("Language model"),
        mark("Writes the answers. Without one, answers are quotations from your documents."),
    ),
    "embedder": (
        mark("Embedder"),
        mark("Finds passages by meaning. Changing it makes the vectors of all documents anew, beside the old ones."),
    ),
    "reranker": (mark("Reranker"), mark("Reads the best passages once more and puts them in order. Optional.")),
}


class Fit(StrEnum):
    """Whether a model fits into this machine's memory."""

    FREE = "free"  # now
    TIGHT = "tight"  # with other programs closed
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model; `state` is the engine's: "ready", "missing", "damaged", "partial", "available"."""

    id: str
    kind: str
    name: str
    state: str
    bytes: int = 0
    memory_bytes: int = 0
    in_use: bool = False
    verified: bool = False
    removable: bool = False
    shipped: bool = False
    licence: str = ""
    languages: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()

    @property
    def here(self) -> bool:
        """Whether its files are on this machine (whole or not), taken in."""
        return self.state not in ("available", "partial")


def rows_of(
    installed: Sequence[Mapping[str, Any]], available: Sequence[Mapping[str, Any]], in_use: Mapping[str, str | None]
) -> list[ModelRow]:
    """Put the models that are here before those that can be had; none stands twice."""
    known = {str(row["id"]): row for row in available}
    used = {str(name) for kind, name in in_use.items() if name and kind in KINDS}
    rows = []
    for model in installed:
        entry = known.pop(str(model["id"]), {})
        built_in, shipped = model["id"] in BUILT_IN, bool(model.get("shipped"))
        size = int(model["bytes"] or 0)
        rows.append(
            ModelRow(
                id=str(model["id"]),
                kind=str(model["kind"]),
                name=t("Quotations") if model["id"] == "extractive" else t("Built in") if built_in else _name(model),
                state=str(model["state"]),
                bytes=size,
                memory_bytes=0 if built_in else int(entry.get("memory_bytes", size + _WORKING_BYTES)),
                in_use=str(model["id"]) in used,
                verified=bool(model["verified"]) and not built_in,
                removable=not (built_in or shipped) and bool(model["verified"] or model["state"] != "ready"),
                shipped=shipped,
                licence=str(entry.get("licence", "")),
                languages=tuple(model.get("languages") or entry.get("languages", ())),
            )
        )
    rows += [_available(entry) for entry in known.values() if entry["state"] != "ready"]
    return sorted(rows, key=lambda row: not row.in_use)


def _name(model: Mapping[str, Any]) -> str:
    return str(model.get("name") or model["id"])


def _available(entry: Mapping[str, Any]) -> ModelRow:
    return ModelRow(
        id=str(entry["id"]),
        kind=str(entry["kind"]),
        name=_name(entry),
        state=str(entry["state"]),
        bytes=int(entry["bytes"]),
        memory_bytes=int(entry["memory_bytes"]),
        removable=entry["state"] == "partial",
        licence=str(entry["licence"]),
        languages=tuple(entry["languages"]),
        hubs=tuple(entry["hubs"]),
    )


def title_of(kind: str) -> tuple[str, str]:
    """The kind's name, and what such a model is for."""
    title, purpose = _TITLES[kind]
    return t(title), t(purpose)


def fit(memory_bytes: int, device: Mapping[str, Any]) -> Fit:
    """Whether that much fits into the machine that `device` describes."""
    total, free = device.get("memory_bytes"), device.get("memory_available_bytes")
    if not total or free is None:
        return Fit.UNKNOWN
    if memory_bytes <= free:
        return Fit.FREE
    return Fit.TIGHT if memory_bytes <= total * _SHARE else Fit.NO


def fit_text(row: ModelRow, device: Mapping[str, Any]) -> tuple[str, str]:
    """What the model needs of memory and whether it fits here, and the ink to write it in."""
    if not row.memory_bytes:
        return t("needs next to no memory"), ""
    needs = formats.size(row.memory_bytes)
    match fit(row.memory_bytes, device):
        case Fit.FREE:
            return t("needs about {size} of memory: fits", size=needs), "good"
        case Fit.TIGHT:
            return t("needs about {size} of memory: fits when other programs are closed", size=needs), "refuse"
        case Fit.NO:
            return t("needs about {size} of memory: more than this machine has", size=needs), "bad"
    return t("needs about {size} of memory", size=needs), ""


def facts(row: ModelRow) -> str:
    """Size, languages and licence in one line."""
    parts = [formats.size(row.bytes)] if row.bytes else []
    if row.languages:
        parts.append(", ".join(t("any language") if code == "*" else code for code in row.languages))
    if row.licence:
        parts.append(row.licence)
    if row.shipped:
        parts.append(t("comes with the application"))
    return " · ".join(parts)


def state_text(row: ModelRow) -> tuple[str, str]:
    """The state in a word or two, and its ink."""
    if row.state == "damaged":
        return t("damaged"), "bad"
    if row.state == "missing":
        return t("files missing"), "bad"
    if row.state == "partial":
        return t("partly fetched"), "refuse"
    if row.in_use:
        return t("in use"), "good"
    if row.verified:
        return t("verified"), "good"
    return "", ""


def device_text(device: Mapping[str, Any]) -> str:
    """What this machine computes with."""
    if not device:
        return ""
    parts = [
        t("{n} cores", n=device.get("cores", "?")),
        t(
            "{free} of {total} memory free",
            free=formats.size(device.get("memory_available_bytes", 0)),
            total=formats.size(device.get("memory_bytes", 0)),
        ),
    ]
    backends = device.get("gpu") or ()
    if backends:
        parts.append(t("graphics card through {name}", name=", ".join(str(name).upper() for name in backends)))
    elif device.get("llama_cpp"):
        parts.append(t("no graphics card: llama.cpp is built for the processor"))
    else:
        parts.append(t("llama.cpp is not installed: language models cannot run"))
    return " · ".join(parts)
