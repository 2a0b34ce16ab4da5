"""Frames over pipes: four bytes of length, then msgpack.

msgpack and never pickle: the other end may have been taken over by a hostile document, and must not be able
to make this process run anything.
"""

from __future__ import annotations

import struct
import threading
from typing import IO, Any

import msgpack

_LENGTH = struct.Struct("<I")
MAX_FRAME_BYTES = 1 << 30
_STRAY = "surrogatepass"  # names of files that are not UTF-8 arrive as they left


class ChannelClosed(Exception):  # noqa: N818 - the normal end of a conversation
    """The other end is gone."""


class NotAMessage(ChannelClosed):
    """The other end sent something else; nothing after it can be understood."""


class Channel:
    """Send and receive messages (dicts of plain values) over two binary streams.

    One thread may receive while others send; sending is serialised.
    """

    def __init__(self, reader: IO[bytes], writer: IO[bytes]) -> None:
        self._reader = reader
        self._writer = writer
        self._send_lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message.

        Raises:
            ChannelClosed: the other end is gone.
        """
        body: bytes = msgpack.packb(message, use_bin_type=True, unicode_errors=_STRAY)
        try:
            with self._send_lock:
                self._writer.write(_LENGTH.pack(len(body)) + body)
                self._writer.flush()
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error

    def receive(self) -> dict[str, Any]:
        """Wait for one message.

        Raises:
            ChannelClosed: the other end is gone, or sent what is not a message.
        """
        size = _LENGTH.unpack(self._read(_LENGTH.size))[0]
        if size > MAX_FRAME_BYTES:
            raise NotAMessage(f"a frame of {size} bytes")
        try:
            message = msgpack.unpackb(self._read(size), raw=False, strict_map_key=False, unicode_errors=_STRAY)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise NotAMessage(str(error)) from error
        if not isinstance(message, dict):
            raise NotAMessage(f"a {type(message).__name__}")
        return message

    def _read(self, size: int) -> bytes:
        try:
            data = self._reader.read(size)
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error
        if len(data) < size:
            raise ChannelClosed("end of stream")
        return data

    def close(self) -> None:
        """Close both streams; the other end sees the end of the conversation."""
        for stream in (self._writer, self._reader):
            try:
                stream.close()
            except (OSError, ValueError):  # a broken pipe while closing: it is closed all the same
                continue
