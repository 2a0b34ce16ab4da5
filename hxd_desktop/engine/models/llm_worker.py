"""The process in which llama.cpp runs.

Requests are answered one at a time on the main thread. Another thread reads the pipe, so that a wish to cancel
arrives while a model is loaded or a prompt evaluated: llama.cpp asks in between whether to go on.

Requests (`model` is a `LlamaOptions` as a dict; a model that is not loaded yet is loaded first, in attempts, of which
the first `skip` are not made; before each there is `{"attempt": n}`, and `{"loaded": report}` after the last):

- `{"op": "info", "id", "model", "skip"}` -> `{"info": report}`
- `{"op": "count", "id", "model", "skip", "text"}` -> `{"tokens": n}`
- `{"op": "generate", "id", "model", "skip", "messages": [[role, content], ...], "max_tokens", "grammar"}` -> any
  number of `{"text"}`, within the GBNF grammar if there is one, then `{"done": {"reason", "prompt_tokens",
  "reused_tokens", "tokens", "prompt_ms", "decode_ms", "inside_ms"}}`, `reason` being "end", "length" or "cancelled"
- `{"op": "cancel", "id"}` -> nothing; the request that it names ends with `{"done": {"reason": "cancelled"}}`
- anything that fails -> `{"error": {"title", "message", "remedy"}}`
"""

from __future__ import annotations

import os
import queue
import threading
from typing import Any

from hxd_desktop.engine.errors import HxdError, ModelError
from hxd_desktop.engine.models.llama_loading import Llama, LoadCancelledError, Loaded
from hxd_desktop.engine.models.llama_reply import Speaker
from hxd_desktop.engine.workers.channel import Channel, ChannelClosed

_CANCELLED = {"done": {"reason": "cancelled", "tokens": 0}}


def main(channel: Channel) -> None:
    """Answer requests until the parent closes the pipe."""
    service = _Service(channel)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        try:
            while True:
                message = channel.receive()
                if message.get("op") == "cancel":
                    service.cancel(message["id"])
                else:
                    requests.put(message)
        except ChannelClosed:
            # The parent is gone or wants no more; the main thread may be deep inside llama.cpp.
            os._exit(0)

    threading.Thread(target=read, name="requests", daemon=True).start()
    while True:
        service.answer(requests.get())


class _Service:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._llama: Llama | None = None
        self._speaker: Speaker | None = None
        self._options: dict[str, Any] | None = None
        self._report: dict[str, Any] = {}
        self._cancelled: set[int] = set()
        self._request = -1
        self._lock = threading.Lock()
        self._loading = False
        self._answered = False

    def cancel(self, request: int) -> None:
        self._cancelled.add(request)
        with self._lock:
            # Ending a load may take a while, giving memory back even longer: the one who stopped it waits for neither.
            if self._loading and request == self._request and not self._answered:
                self._channel.send(_CANCELLED)
                self._answered = True

    def _send(self, message: dict[str, Any]) -> None:
        with self._lock:
            if not self._answered:
                self._channel.send(message)

    def _stopped(self) -> bool:
        return self._request in self._cancelled

    def answer(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._request, self._answered = message["id"], False
        try:
            self._answer(message)
        except LoadCancelledError:
            self._send(_CANCELLED)
        except HxdError as error:
            self._send({"error": {"title": error.title, "message": error.message, "remedy": error.remedy}})
        except MemoryError:
            self._send(
                {
                    "error": {
                        "title": "Not enough memory for the model",
                        "message": "The model does not fit into the free memory.",
                        "remedy": "Choose a smaller model or quantisation, or a shorter context.",
                    }
                }
            )
        finally:
            self._cancelled.discard(self._request)
            self._request = -1

    def _answer(self, message: dict[str, Any]) -> None:
        if self._stopped():
            self._send(_CANCELLED)
            return
        speaker = self._load(message["model"], message["skip"])
        match message["op"]:
            case "info":
                self._send({"info": self._report})
            case "count":
                self._send({"tokens": speaker.count(message["text"])})
            case "generate":
                prompt = speaker.prompt([(role, content) for role, content in message["messages"]])
                for reply in speaker.reply(prompt, message["max_tokens"], message["grammar"], self._stopped):
                    self._send(reply)
            case other:
                raise ModelError("The model process was asked nonsense", f"It knows no {other!r}.", "Report this.")

    def _load(self, options: dict[str, Any], skip: int) -> Speaker:
        if self._speaker is None or self._options != options:
            if self._speaker is not None:
                self._speaker.close()
                self._speaker = None
            self._loading = True
            try:
                self._llama = self._llama or Llama()
                loaded = Loaded(self._llama, options, self._stopped, self._begin, skip)
                try:
                    self._speaker, self._options = Speaker(self._llama, loaded), options
                except ModelError:
                    loaded.close()
                    raise
            finally:
                with self._lock:
                    self._loading = False
            self._report = loaded.report
            self._send({"loaded": self._report})
        return self._speaker

    def _begin(self, attempt: int) -> None:
        self._send({"attempt": attempt})
