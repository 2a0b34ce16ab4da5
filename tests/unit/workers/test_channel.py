from __future__ import annotations

import contextlib
import io
import os
import random
import struct
import threading

import msgpack
import pytest

from hxd_desktop.engine.workers import channel as channel_module
from hxd_desktop.engine.workers.channel import Channel, ChannelClosed


def reading(data: bytes) -> Channel:
    return Channel(io.BytesIO(data), io.BytesIO())


def frame(body: bytes) -> bytes:
    return struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"path": "/文件.txt", "hash": b"\x00\xff", "n": -5, "x": 0.25, "none": None, "list": [1, "a", [True]]},
        {"stray": "name-\udcff.txt"},
        {1: "keys need not be text"},
        {"long": "字" * 200_000},
    ],
)
def test_a_message_arrives_as_it_was_sent(message: dict[object, object]) -> None:
    sent = io.BytesIO()
    Channel(io.BytesIO(), sent).send(message)  # type: ignore[arg-type]
    assert reading(sent.getvalue()).receive() == message


def test_messages_arrive_in_order_and_then_the_end() -> None:
    sent = io.BytesIO()
    writer = Channel(io.BytesIO(), sent)
    for n in range(3):
        writer.send({"n": n})
    reader = reading(sent.getvalue())
    assert [reader.receive()["n"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ChannelClosed):
        reader.receive()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x05",
        b"\x05\x00\x00\x00ab",
        frame(b""),
        frame(b"\xc1"),
        frame(msgpack.packb({"a": 1}) + b"more"),
        frame(msgpack.packb([1, 2])),
        frame(msgpack.packb("text")),
        frame(msgpack.packb({"a": 1})[:-1]),
        frame(b"\x81\xa1\xff\x01"),
        frame(b"\xdf\xff\xff\xff\xff"),
        struct.pack("<I", channel_module.MAX_FRAME_BYTES + 1),
        b"printed by a library\n" * 10,
    ],
)
def test_what_is_no_message_ends_the_conversation(data: bytes) -> None:
    with pytest.raises(ChannelClosed):
        reading(data).receive()


def test_nesting_without_end_ends_the_conversation() -> None:
    with pytest.raises(ChannelClosed):
        reading(frame(b"\x81\xa1a" + b"\x91" * 100_000 + b"\x01")).receive()


def test_a_closed_other_end() -> None:
    back, out = os.pipe()
    channel = Channel(io.BytesIO(), os.fdopen(out, "wb"))
    os.close(back)
    with pytest.raises(ChannelClosed):
        for _ in range(10):
            channel.send({"data": b"x" * 100_000})
    channel.close()
    channel.close()
    with pytest.raises(ChannelClosed):
        channel.send({})
    with pytest.raises(ChannelClosed):
        channel.receive()


def test_many_threads_may_send() -> None:
    back, out = os.pipe()
    channel = Channel(os.fdopen(back, "rb"), os.fdopen(out, "wb"))
    threads = [
        threading.Thread(target=lambda n=n: [channel.send({"n": n, "fill": "x" * 3000}) for _ in range(50)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    received = [channel.receive()["n"] for _ in range(200)]
    for thread in threads:
        thread.join()
    assert sorted(received) == [n for n in range(4) for _ in range(50)]
    channel.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x91" * 100_000,
        b"\x81\xa1a" * 50_000,
        b"\x81\x90\xc0",  # a list for a key
        b"\x82\x80\xc0",
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\x93\x01\x02\x03",
        b"",
    ],
)
def test_whatever_a_process_sends_is_a_message_or_the_end(sent: bytes) -> None:
    with pytest.raises(ChannelClosed):
        Channel(io.BytesIO(struct.pack("<I", len(sent)) + sent), io.BytesIO()).receive()


def test_flipped_messages_are_messages_or_the_end() -> None:
    chance = random.Random(1)
    good = msgpack.packb({"state": "indexed", "chunks": [[0, 1, None, "x"]] * 3, "n": 2**60, "t": "\u00e9" * 9})
    for _ in range(3_000):
        changed = bytearray(good)
        for _ in range(chance.choice((1, 2, 8))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        with contextlib.suppress(ChannelClosed):
            Channel(io.BytesIO(struct.pack("<I", len(changed)) + changed), io.BytesIO()).receive()
