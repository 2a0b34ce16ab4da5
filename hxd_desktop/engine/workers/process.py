"""A worker process seen from the parent: start, ask, time limit, memory limit, kill, restart."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from hxd_desktop.engine.workers.channel import Channel, ChannelClosed, NotAMessage

log = logging.getLogger(__name__)

_WATCH_SECONDS = 0.25
_SYSTEM_LIMITS_MEMORY = sys.platform.startswith("linux")  # by RLIMIT_AS, set in the worker itself


class WorkerDied(Exception):  # noqa: N818 - translated by whoever asked
    """The worker ended before it answered; `reason` is "crashed", "timeout", "memory" or "killed"."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def _command(kind: str, memory_bytes: int) -> list[str]:
    if getattr(sys, "frozen", False):
        # On Windows the window's program has no console, and a worker speaks through its standard input and output.
        console = os.path.join(os.path.dirname(sys.executable), "hxd.exe")
        program = console if sys.platform == "win32" and os.path.exists(console) else sys.executable
        return [program, "--hxd-worker", kind, str(memory_bytes)]
    return [sys.executable, "-P", "-m", "hxd_desktop.engine.workers", kind, str(memory_bytes)]


def _environment(extra: dict[str, str] | None) -> dict[str, str]:
    import hxd_desktop

    environment = dict(os.environ)
    # The worker imports the same package as this process, also when run from a checkout.
    package_home = os.path.dirname(os.path.dirname(os.path.abspath(hxd_desktop.__file__)))
    environment["PYTHONPATH"] = os.pathsep.join(
        [package_home, *filter(None, [environment.get("PYTHONPATH")])] if not getattr(sys, "frozen", False) else []
    )
    environment["PYTHONUTF8"] = "1"
    environment.update(extra or {})
    return environment


def _resident_bytes(process: subprocess.Popen[bytes]) -> int:
    import psutil

    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:  # it ended between the two looks
        return 0


class WorkerProcess:
    """One child process that serves one kind of work; started on the first request, restarted after a death.

    Requests are answered one at a time; calls from several threads queue on a lock. `kill` may be called from
    any thread at any moment and makes a request in flight raise `WorkerDied("killed")`.

    Args:
        kind: A name from `workers.__main__.KINDS`.
        memory_bytes: Limit of the address space, 0 for none. Where the system knows no such limit, the parent
            watches the resident size instead.
        environment: Variables on top of this process's own.
    """

    def __init__(self, kind: str, *, memory_bytes: int = 0, environment: dict[str, str] | None = None) -> None:
        self._kind = kind
        self._memory_bytes = memory_bytes
        self._extra_environment = environment
        self._request_lock = threading.Lock()
        self._state_lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._death: str | None = None
        self._deadline: float | None = None
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the process if it does not run; returns before it is ready."""
        with self._state_lock:
            # One that was killed may take a moment to be gone: it is not used again.
            if self._process is not None and self._process.poll() is None and self._death is None:
                return
            self._discard()
            flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
            process = subprocess.Popen(
                _command(self._kind, self._memory_bytes),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if not log.isEnabledFor(logging.DEBUG) else None,
                env=_environment(self._extra_environment),
                creationflags=flags,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            self._process = process
            self._channel = Channel(process.stdout, process.stdin)
            self._death = None
            self._closing = threading.Event()
            self._watcher = threading.Thread(
                target=self._watch, args=(process,), name=f"{self._kind}-watch", daemon=True
            )
            self._watcher.start()

    def request(self, message: dict[str, Any], *, timeout_s: float | None = None) -> dict[str, Any]:
        """Send one message and wait for its one reply.

        Raises:
            WorkerDied: the worker crashed, was killed, or passed a limit (it is then killed).
        """
        return next(self.stream(message, timeout_s=timeout_s, last=lambda _: True))

    def stream(
        self, message: dict[str, Any], *, timeout_s: float | None = None, last: Callable[[dict[str, Any]], bool]
    ) -> Generator[dict[str, Any], None, None]:
        """Send one message and yield its replies until `last(reply)`; the time limit is for each reply.

        A consumer that stops early leaves replies behind, so the worker is then killed. The next request waits until
        the generator is exhausted or closed.

        Raises:
            WorkerDied: as `request`.
        """
        with self._request_lock:
            self.start()
            channel = self._channel
            assert channel is not None
            finished = False
            try:
                self._send(channel, message)
                while not finished:
                    reply = self._receive(channel, timeout_s)
                    finished = last(reply)
                    yield reply
            finally:
                if not finished:
                    self.kill()

    def pipeline(
        self, messages: Iterator[dict[str, Any]], *, depth: int, timeout_s: float | None = None
    ) -> Iterator[dict[str, Any]]:
        """Send messages, up to `depth` ahead of their replies, and yield one reply each, in order.

        The time limit is for each reply. A consumer that stops early leaves replies behind, so the worker is
        then killed.

        Raises:
            WorkerDied: as `request`; the reply that was awaited is the one that the worker died of.
        """
        with self._request_lock:
            self.start()
            channel = self._channel
            assert channel is not None
            waiting = 0
            finished = broken = False
            try:
                while not finished:
                    while not broken and waiting < depth and (message := next(messages, None)) is not None:
                        waiting += 1
                        try:
                            channel.send(message)
                        except ChannelClosed:
                            broken = True  # replies from before it died are still to be read
                    if not waiting:
                        finished = True
                        return
                    reply = self._receive(channel, timeout_s)
                    waiting -= 1
                    yield reply
            finally:
                if not finished:
                    self.kill()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message beside the request in flight (a wish to cancel); a dead worker is ignored."""
        channel = self._channel
        if channel is not None:
            try:
                channel.send(message)
            except ChannelClosed:
                log.debug("%s worker is gone, message dropped", self._kind)

    def kill(self, reason: str = "killed") -> None:
        """End the process at once; the next request starts a new one."""
        with self._state_lock:
            if self._process is not None and self._process.poll() is None:
                self._death = self._death or reason
                self._process.kill()

    def close(self) -> None:
        """End the process, free its pipes and join its watch; a later request starts a new one."""
        self.kill()
        watcher = self._watcher
        with self._state_lock:
            self._discard()
        if watcher is not None and watcher is not threading.current_thread():
            watcher.join()

    def _discard(self) -> None:
        self._closing.set()
        if self._process is not None:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
        if self._channel is not None:
            self._channel.close()
        self._process = self._channel = None

    def _send(self, channel: Channel, message: dict[str, Any]) -> None:
        try:
            channel.send(message)
        except ChannelClosed as error:
            raise self._died() from error

    def _receive(self, channel: Channel, timeout_s: float | None) -> dict[str, Any]:
        self._deadline = time.monotonic() + timeout_s if timeout_s else None
        try:
            return channel.receive()
        except ChannelClosed as error:
            if isinstance(error, NotAMessage):
                self.kill("crashed")
            raise self._died() from error
        finally:
            self._deadline = None

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the process when a reply is overdue or its memory passes the limit; runs until it ends."""
        while process.poll() is None:
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self.kill("timeout")
            elif self._memory_bytes and not _SYSTEM_LIMITS_MEMORY and _resident_bytes(process) > self._memory_bytes:
                self.kill("memory")
            self._closing.wait(_WATCH_SECONDS)
            if self._closing.is_set():
                return

    def _died(self) -> WorkerDied:
        process = self._process
        code: int | None = None
        if process is not None:
            try:
                code = process.wait(timeout=5)
            except subprocess.TimeoutExpired:  # it closed its pipe but lives on
                process.kill()
                code = process.wait()
        reason = self._death or "crashed"
        return WorkerDied(reason, f"exit status {code}")
