"""What the processes of embedders and rerankers do alike: requests in, replies out, until the pipe closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hxd_desktop.engine.errors import HxdError, ModelError
from hxd_desktop.engine.workers.channel import Channel


def serve(channel: Channel, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each request by `answer`; what it raises is the reply `{"error": {"title", "message", "remedy"}}`."""
    while True:
        message = channel.receive()
        try:
            reply = answer(message)
        except HxdError as error:
            reply = _told(error)
        except MemoryError:
            reply = _told(
                ModelError(
                    "Not enough memory for the model",
                    "The model does not fit into the free memory.",
                    "Close other programs, or choose a smaller model.",
                )
            )
        channel.send(reply)


def _told(error: HxdError) -> dict[str, Any]:
    return {"error": {"title": error.title, "message": error.message, "remedy": error.remedy}}
