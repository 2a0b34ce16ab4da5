"""The parser process: parse jobs in, what is kept of each file out.

A hostile file can at worst end this process; the parent reports that and starts another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.parse import parse_file
from hxd_desktop.engine.settings import ChunkSettings

if TYPE_CHECKING:
    from hxd_desktop.engine.workers.channel import Channel


def main(channel: Channel) -> None:
    """Serve jobs until the parent closes the channel.

    A job is `{"path", "max_bytes", "chunks": {fields of ChunkSettings}, "known_hash": bytes or None}`, a reply what
    `parse_file` returns.

    Raises:
        ChannelClosed: the parent is gone.
    """
    while True:
        job = channel.receive()
        reply = parse_file(
            job["path"],
            ChunkSettings(**job["chunks"]),
            max_bytes=job["max_bytes"],
            known_hash=job.get("known_hash"),
        )
        channel.send(reply)
