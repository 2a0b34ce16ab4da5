from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.encoding import decode, is_text

CHINESE = "茴香豆是一个基于大语言模型的知识助手，可以在群聊中回答技术问题，而不会打扰大家的闲聊。"
TRADITIONAL = "這個系統可以讀取資料夾中的文件，並且回答使用者的問題。如果沒有答案，它會說明原因。"
JAPANESE = "このシステムはフォルダー内の文書を読み取り、ユーザーの質問に答えることができます。"
KOREAN = "이 시스템은 폴더의 문서를 읽고 사용자의 질문에 대답할 수 있습니다. 답이 없으면 이유를 말합니다."
WESTERN = "Où est l’œuvre ? Die Straße führt über die Brücke; el niño comió piñas — “señor”."


@pytest.mark.parametrize("text", [CHINESE, TRADITIONAL, JAPANESE, KOREAN, WESTERN, "plain ASCII\n", "a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["Plain text without any mark.\n" * 3, "English 和中文 mixed in one line.\n" * 3])
def test_wide_unicode_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("repeat", [1, 40])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        ("配置文件的说明", "gbk"),
        ("# 安装\n\npip install huixiangdou\n然后运行。\n", "gbk"),
        (TRADITIONAL, "big5"),
        ("安裝說明與使用者設定", "big5"),
        (JAPANESE, "shift_jis"),
        ("はじめに。インストール方法を説明します。", "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
        (WESTERN, "cp1252"),
        ("Voilà une phrase écrite en français, où il y a des accents.", "latin-1"),
        ("Это обычный русский текст, записанный в старой кодировке.", "cp1251"),
    ],
)
def test_older_encodings(text: str, encoding: str, repeat: int) -> None:
    assert decode((text * repeat).encode(encoding)) == text * repeat


def test_a_damaged_byte_in_utf8_does_not_spoil_the_rest() -> None:
    data = CHINESE.encode() + b"\xff" + CHINESE.encode()
    assert decode(data) == CHINESE + "\ufffd" + CHINESE


def test_a_cut_multibyte_text_keeps_its_encoding() -> None:
    decoded = decode((CHINESE * 50).encode("gb18030")[:-1])
    assert decoded is not None
    assert decoded.startswith(CHINESE)


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 64, b"\x7fELF\x02\x01\x01\x00" + b"\x00\x03" * 99]
)
def test_binary_is_no_text(data: bytes) -> None:
    assert decode(data) is None
    assert not is_text(data)


def test_a_head_may_end_inside_a_character() -> None:
    assert is_text(CHINESE.encode()[:-1])
    assert is_text(CHINESE.encode("utf-16")[:-1])
