"""What goes wrong with a remote model, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import ModelError

if TYPE_CHECKING:
    import httpx

_TOLD_CHARS = 200
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_AGAIN = "Ask again later, or turn the remote model off (`hxd remote off`)."


@dataclass(eq=False)  # not frozen: Python writes the traceback into it
class RemoteFault(Exception):  # noqa: N818 - becomes a ModelError when nothing is left to try
    """One failed attempt.

    `kind`: for the log. `message`: what happened, with {host}. `may_pass`: another attempt may work. `wait_s`: how long
    the server wants to be left alone, None where it does not say.
    """

    kind: str
    title: str
    message: str
    remedy: str
    may_pass: bool = False
    wait_s: float | None = None

    def as_error(self, host: str) -> ModelError:
        """The same as an error that is shown."""
        return ModelError(self.title, self.message.replace("{host}", host), self.remedy)


def of_connection(error: httpx.HTTPError, *, begun: bool) -> RemoteFault:
    """A connection that was not made, went silent, or broke."""
    import httpx

    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError | httpx.ProxyError):
        return RemoteFault(
            "not reached",
            "The remote model cannot be reached",
            f"{{host}} did not answer ({_words(error)}).",
            "Check that the server runs and that remote.url is right; `hxd remote test` tries it.",
            may_pass=True,
        )
    if isinstance(error, httpx.TimeoutException):
        return RemoteFault(
            "silent",
            "The remote model does not answer",
            "{host} accepted the question and then was silent for too long.",
            "Ask again, take a smaller model there, or raise remote.timeout_s.",
        )
    if begun:
        return broken_off()
    return RemoteFault(
        "broken",
        "The connection to the remote model broke",
        f"{{host}} closed it before the first word ({_words(error)}).",
        _AGAIN,
        may_pass=True,
    )


def nothing_said() -> RemoteFault:
    """A stream that ended before its first word: so do some servers where the prompt is longer than their context."""
    return RemoteFault(
        "nothing said",
        "The remote model's answer broke off",
        "{host} began to answer and ended before the first word.",
        "Set remote.context_tokens to the context that the server was started with, or see the server's log.",
    )


def broken_off() -> RemoteFault:
    """A reply that ended without saying so."""
    return RemoteFault(
        "broken off",
        "The remote model's answer broke off",
        "The connection to {host} ended in the middle of the answer.",
        _AGAIN,
    )


def of_status(status: int, headers: Mapping[str, str], body: bytes, key: str | None) -> RemoteFault:
    """An answer with another status than 200; `key` is taken out of what the server says of it."""
    said = _told(body, key)
    reason = f"{{host}} answered {status}" + (f": {said}" if said else "") + "."
    if status in (401, 403):
        remedy = "Give it its key with `hxd remote set-key`." if key is None else "Give it another key."
        return RemoteFault(str(status), "The remote model refuses the key", reason, remedy)
    if status in (404, 405):
        return RemoteFault(
            str(status),
            "The remote model was not found",
            reason,
            "Check remote.url (it usually ends in /v1) and that remote.model is a model of that server.",
        )
    if status == 429:
        return RemoteFault(
            str(status),
            "The remote model is busy",
            reason,
            "Ask again later; a quota may be used up.",
            may_pass=True,
            wait_s=_retry_after(headers),
        )
    if 300 <= status < 400:
        return RemoteFault(
            str(status),
            "The remote model has moved",
            "{host} sends elsewhere, and question and key are not taken there.",
            "Set remote.url to the new address.",
        )
    if status >= 500:
        return RemoteFault(
            str(status), "The remote server failed", reason, _AGAIN, may_pass=status in _PASSING, wait_s=None
        )
    return RemoteFault(
        str(status),
        "The remote model did not accept the question",
        reason,
        "Check remote.model and lower remote.context_tokens.",
        may_pass=status in _PASSING,
    )


def not_a_stream(kind: str) -> RemoteFault:
    """An answer that is no stream of events: a web page, or a server that does not stream."""
    return RemoteFault(
        "no stream",
        "The remote server speaks another language",
        f"{{host}} sent {kind or 'something without a type'} where a stream of events was expected.",
        "Check that remote.url is the address of an OpenAI-compatible server; it usually ends in /v1.",
    )


def nonsense(what: str) -> RemoteFault:
    """An event that cannot be read."""
    return RemoteFault(
        "nonsense",
        "The remote server speaks another language",
        f"{{host}} sent what no OpenAI-compatible server sends: {what}.",
        "Check that remote.url is the address of an OpenAI-compatible server; it usually ends in /v1.",
    )


def told(error: Any, key: str | None) -> RemoteFault:
    """An error that the server tells in the middle of its stream."""
    said = _clean(str(error.get("message", "")) if isinstance(error, dict) else str(error), key)
    return RemoteFault(
        "told",
        "The remote model failed while answering",
        f"{{host}} says: {said or 'an error'}.",
        _AGAIN,
    )


def _told(body: bytes, key: str | None) -> str:
    """The server's own words where they are JSON; a web page says nothing that helps."""
    try:
        error = json.loads(body)
        error = error.get("error", error.get("message", error.get("detail", "")))
        if isinstance(error, dict):
            error = error.get("message", "")
    except (ValueError, AttributeError):
        return ""
    return _clean(error, key) if isinstance(error, str) else ""


def _clean(text: str, key: str | None) -> str:
    if key:
        text = text.replace(key, "…")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_TOLD_CHARS].rstrip(".")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() and len(value) < 7 else None


def _words(error: httpx.HTTPError) -> str:
    return _clean(str(error), None) or type(error).__name__
