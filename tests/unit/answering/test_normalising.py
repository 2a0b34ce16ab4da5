from __future__ import annotations

from hxd_desktop.engine.answering.normalising import normalise


def test_control_and_format_characters_go() -> None:
    assert normalise("安\u200b装\x00 \r\n\ud800步骤") == "安装 步骤"
