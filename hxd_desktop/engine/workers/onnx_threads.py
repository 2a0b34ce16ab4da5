"""ONNX Runtime's threads, made to sleep while they have nothing to do."""

from __future__ import annotations

from typing import Any

# Threads that spin take the processor from whoever would give them work: on a busy machine a model then runs at a
# fraction of its speed.
_SLEEP = "session.intra_op.allow_spinning"


def let_threads_sleep() -> None:
    """Make every session that is made in this process afterwards one whose threads sleep when idle.

    fastembed and RapidOCR make their own sessions and pass no such option on, so the options that they make start with
    it. To be called before RapidOCR, which keeps the name, is imported; a second call changes nothing.
    """
    import onnxruntime

    if getattr(onnxruntime.SessionOptions, "sleeps", False):
        return

    class SleepingOptions(onnxruntime.SessionOptions):  # type: ignore[misc]
        sleeps = True

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.add_session_config_entry(_SLEEP, "0")

    onnxruntime.SessionOptions = SleepingOptions
