"""A chat model on an OpenAI-compatible server: Ollama, LM Studio, vLLM, LMDeploy, InternLM's own, or another.

Nothing is sent but what `stream` is given and the key. Redirects are not followed: they would take both elsewhere.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, SettingsError
from hxd_desktop.engine.models import remote_faults as faults
from hxd_desktop.engine.models.interruptible import interruptible
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo
from hxd_desktop.engine.models.remote_address import RemoteAddress, parse_address
from hxd_desktop.engine.models.remote_key import find_key, forget_key, keep_key

if TYPE_CHECKING:
    import httpx

    from hxd_desktop.engine.settings import RemoteSettings

log = logging.getLogger(__name__)

CONNECT_S = 10.0
ATTEMPTS = 3
WAITS_S = (0.3, 1.0)  # before the second and the third attempt
LONGEST_WAIT_S = 10.0  # that a server may ask for before another attempt
_PATIENCE_S = 0.1  # for the end of a request that nobody waits for; one that is still connecting ends by itself
_MAX_LINE_BYTES = 1 << 20
_MAX_REPLY_CHARS = 200_000
_BODY_BYTES = 4096  # of an error that is looked into


class RemoteGenerator:
    """A `Generator` on another machine (or another program). Any thread may call any method; it holds no connection.

    Args:
        settings: where it is, and what it is called.
        find_key: gives the key, or None for none; asked with the server's origin at each request.
    """

    def __init__(self, settings: RemoteSettings, find_key: Callable[[str], str | None]) -> None:
        self.id = f"remote:{settings.model}"
        self._settings = settings
        self._find_key = find_key

    @property
    def host(self) -> str:
        """Where it is, as it is shown; "" where its address cannot be used."""
        try:
            return self.address.host
        except SettingsError:
            return ""

    @property
    def address(self) -> RemoteAddress:
        """Where it is.

        Raises:
            SettingsError: the address cannot be used.
        """
        return parse_address(self._settings.url)

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:  # noqa: ARG002 - nothing is loaded
        """Say that it is remote; asks no network."""
        return GenerationInfo(self.id, "remote", context_tokens=self._settings.context_tokens)

    def count_tokens(self, text: str) -> int:
        """A cautious estimate: one token a character, one per three of ASCII."""
        ascii_chars = sum(map(str.isascii, text))
        return len(text) - ascii_chars + (ascii_chars + 2) // 3

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, cancel: CancelToken, grammar: str = ""
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come, at temperature 0.

        A request that fails is tried again as long as no word has come. After `cancel` nothing more is yielded, also
        while the server does not answer.

        Raises:
            ModelError: the server cannot be reached, refuses, breaks off, or speaks another language.
            SettingsError: it is not named, or its address cannot be used.
            Cancelled: `cancel` was set.
            ValueError: a `grammar` was given; such servers have no common way to keep to one.
        """
        if grammar:
            raise ValueError("a remote model keeps to no grammar")
        cancel.check()
        if not self._settings.model.strip():
            raise SettingsError(
                "The remote model is not named", "remote.model is empty.", "Name it with `hxd remote on URL MODEL`."
            )
        address = self.address
        key = self._find_key(address.origin)
        body = {
            "model": self._settings.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        stop = CancelToken(cancel)
        pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

        def ask() -> None:
            # On a thread of its own: connecting cannot be interrupted, and nobody is to wait for that.
            try:
                for piece in self._attempts(address, key, body, stop):
                    pieces.put(piece)
                pieces.put(None)
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                pieces.put(error)

        forget = cancel.on_cancel(lambda: pieces.put(Cancelled()))
        thread = threading.Thread(target=ask, name="remote-model", daemon=True)
        thread.start()
        try:
            while (piece := pieces.get()) is not None:
                cancel.check()
                if isinstance(piece, Exception):
                    raise piece
                yield piece
            cancel.check()
        finally:
            forget()
            stop.cancel()
            thread.join(timeout=_PATIENCE_S)

    def close(self) -> None:
        """Nothing is held."""

    def _attempts(
        self, address: RemoteAddress, key: str | None, body: dict[str, Any], stop: CancelToken
    ) -> Iterator[str]:
        """Ask until words come, a few times at most."""
        import httpx

        for attempt in range(1, ATTEMPTS + 1):
            begun = False
            try:
                for piece in self._ask(address, key, body, stop):
                    begun = True
                    yield piece
            except (httpx.HTTPError, faults.RemoteFault) as error:
                stop.check()  # a connection that a cancel closed looks like one that broke
                fault = error if isinstance(error, faults.RemoteFault) else faults.of_connection(error, begun=begun)
                wait = fault.wait_s if fault.wait_s is not None else WAITS_S[min(attempt, len(WAITS_S)) - 1]
                if begun or not fault.may_pass or attempt == ATTEMPTS or wait > LONGEST_WAIT_S:
                    raise fault.as_error(address.host) from error
                log.info("%s: attempt %d failed (%s)", self.id, attempt, fault.kind)
                if stop.wait(wait):
                    raise Cancelled from error
            else:
                return

    def _ask(self, address: RemoteAddress, key: str | None, body: dict[str, Any], stop: CancelToken) -> Iterator[str]:
        import httpx

        from hxd_desktop import __version__

        headers = {"User-Agent": f"hxd-desktop/{__version__}", "Accept": "text/event-stream"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        with (
            httpx.Client(
                timeout=httpx.Timeout(self._settings.timeout_s, connect=min(CONNECT_S, self._settings.timeout_s)),
                limits=httpx.Limits(max_keepalive_connections=0),
                trust_env=not address.near,  # a proxy has no business between this machine and itself
            ) as client,
            interruptible(client, "POST", address.chat, stop, json=body, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise faults.of_status(response.status_code, response.headers, _beginning(response), key)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind != "text/event-stream":
                raise faults.not_a_stream(kind)
            yield from _reply(_data(response), key)


def _beginning(response: httpx.Response) -> bytes:
    body = b""
    for block in response.iter_bytes():
        body += block
        if len(body) >= _BODY_BYTES:
            break
    return body[:_BODY_BYTES]


def _data(response: httpx.Response) -> Iterator[str]:
    """The data of each event. Lines end with a line feed alone: a reply may hold other separators as they are."""
    held = b""
    for block in response.iter_bytes():
        *lines, held = (held + block).split(b"\n")
        if len(held) > _MAX_LINE_BYTES:
            raise faults.nonsense("a line without an end")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip().decode("utf-8", "replace")
    if held.startswith(b"data:"):
        yield held[5:].strip().decode("utf-8", "replace")


def _reply(events: Iterator[str], key: str | None) -> Iterator[str]:
    """The words in the events of one reply; it has to say itself that it is at its end."""
    total, ended = 0, False
    for data in events:
        if data == "[DONE]":
            return
        try:
            event = json.loads(data)
            if event.get("error"):
                raise faults.told(event["error"], key)
            choices = event.get("choices") or [{}]  # some send an event about the tokens used
            piece = (choices[0].get("delta") or {}).get("content") or ""
            ended = ended or choices[0].get("finish_reason") is not None
        except (ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
            raise faults.nonsense(f"{data[:60]!r}") from error
        if not isinstance(piece, str):
            raise faults.nonsense(f"{data[:60]!r}")
        total += len(piece)
        if total > _MAX_REPLY_CHARS:
            raise faults.nonsense("a reply without an end")
        if piece:
            yield piece
    if not ended:
        raise faults.broken_off() if total else faults.nothing_said()


class RemoteModel:
    """The remote model of the settings, with its key; opens no connection but in `generator`'s streams and `try_out`.

    Args:
        settings: as they stand; `allowed` decides whether anything may be sent.
    """

    def __init__(self, settings: RemoteSettings) -> None:
        self.settings = settings

    def generator(self) -> RemoteGenerator:
        """The model, to be asked.

        Raises:
            SettingsError: it is not allowed.
        """
        if not self.settings.allowed:
            raise SettingsError(
                "The remote model is turned off",
                "remote.allowed is false.",
                "Turn it on with `hxd remote on URL MODEL`.",
            )
        return RemoteGenerator(self.settings, _key)

    def key_place(self) -> str | None:
        """Where the key is: "environment", "keyring", or None for nowhere."""
        found = find_key(self._origin()) if self.settings.url else None
        return found[1] if found is not None else None

    def set_key(self, key: str) -> None:
        """Keep a key for the server in the system's keyring.

        Raises:
            SettingsError: there is no server, the key is not valid, or the system has no keyring.
        """
        keep_key(self._origin(), key)

    def forget_key(self) -> bool:
        """Take the server's key out of the keyring; return whether there was one."""
        return forget_key(self._origin())

    def try_out(self, cancel: CancelToken) -> str:
        """Ask for a word and return the beginning of what it says; sends none of the user's text.

        Raises:
            HxdError: as `RemoteGenerator.stream`.
            Cancelled: `cancel` was set.
        """
        generator = self.generator()
        messages = [ChatMessage("user", "Reply with the word: ready")]
        said = "".join(generator.stream(messages, max_tokens=16, cancel=cancel)).strip()
        if not said:
            raise faults.nonsense("an empty reply").as_error(generator.address.host)
        return said[:80]

    def _origin(self) -> str:
        return parse_address(self.settings.url).origin


def _key(origin: str) -> str | None:
    found = find_key(origin)
    return found[0] if found is not None else None
