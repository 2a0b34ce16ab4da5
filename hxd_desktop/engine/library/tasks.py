"""What the indexer thread is asked to do, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, field

from hxd_desktop.engine.cancel import CancelToken


@dataclass(slots=True)
class Run:
    """What one `update` of a library did; the future of a task gives it."""

    indexed: int = 0
    removed: int = 0
    bytes: int = 0
    offline: int = 0


@dataclass(slots=True)
class Task:
    """A look at parts of a library's folders, with all who wait for it."""

    library: str
    below: dict[int, set[str] | None]  # folder id -> parts, None for all of it
    asked: CancelToken | None  # of whoever waits
    cancel: CancelToken  # of this attempt
    pausing: bool = False
    futures: list[Future[Run]] = field(default_factory=list)


def settle(
    futures: Collection[Future[Run]] | Collection[Future[None]], error: BaseException | None, result: Run | None = None
) -> None:
    """Tell all who wait that something is done, or why it is not."""
    for future in futures:
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]
