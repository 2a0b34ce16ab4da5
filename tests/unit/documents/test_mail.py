from __future__ import annotations

import email.message
import email.policy
from email.message import EmailMessage

import pymupdf
import pytest

from hxd_desktop.engine.documents.mail import MAX_DEPTH, parse_eml, parse_mbox, parse_msg
from hxd_desktop.engine.documents.model import ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable
from tests.unit.documents.made import compound_file, msg_properties, zip_of


def mail(subject: str, body: str = "Body text.", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Ann <ann@example.org>"
    message["To"] = "bob@example.org"
    message["Date"] = "Mon, 06 May 2024 10:00:00 +0000"
    if body:
        message.set_content(body)
    if html:
        (message.add_alternative if body else message.set_content)(html, subtype="html")
    return message


def headings_of(document: ParsedDocument) -> list[tuple[int, str]]:
    return [(block.level, document.text[block.start : block.end]) for block in document.blocks if block.level]


def test_subject_headers_and_text() -> None:
    document = parse_eml(mail("关于会议", "第一段。\n\n- a\n- b\n", "<p>not this</p>").as_bytes())
    assert document.title == "关于会议"
    assert document.text == (
        "关于会议\n\nFrom: Ann <ann@example.org>\nTo: bob@example.org\nDate: Mon, 06 May 2024 10:00:00 +0000"
        "\n\n第一段。\n\n- a\n- b"
    )


def test_html_alone() -> None:
    document = parse_eml(mail("S", "", "<h1>Head</h1><p>text</p><script>x</script>").as_bytes())
    assert document.text.endswith("Head\n\ntext")
    assert headings_of(document) == [(1, "S"), (2, "Head")]


@pytest.mark.parametrize("declared", ["gb2312", "x-unknown", "utf-8"])
def test_bodies_in_another_encoding_than_they_say(declared: str) -> None:
    head = f"Subject: S\nFrom: a@b.c\nContent-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: 8bit\n\n"
    text = "茴香豆是一个基于大语言模型的知识助手，可以回答问题。"
    assert parse_eml(head.encode() + text.encode("gb18030")).text.endswith(text)


def test_attachments_are_parsed_below_their_names() -> None:
    message = mail("Papers")
    source = pymupdf.open()
    source.new_page().insert_text((72, 72), "Text inside the attached PDF.")
    message.add_attachment(source.tobytes(), maintype="application", subtype="octet-stream", filename="报告.PDF")
    message.add_attachment(b"# Notes\n\nmore", maintype="text", subtype="markdown", filename="notes.md")
    message.add_attachment(b"\x89PNG\r\n\x1a\n\x00", maintype="image", subtype="png", filename="photo.png")
    message.add_attachment("name,price\ntea,\n", filename="table.csv")
    document = parse_eml(message.as_bytes())
    assert headings_of(document) == [
        (1, "Papers"),
        (2, "报告.PDF"),
        (2, "notes.md"),
        (3, "# Notes"),
        (2, "photo.png"),
        (2, "table.csv"),
        (3, "name | price"),
    ]
    assert "Text inside the attached PDF." in document.text
    assert document.text.endswith("tea | ")


def test_mails_in_mails() -> None:
    inner = mail("Inner", "innermost words")
    inner.add_attachment("text of the file", filename="file.txt")
    outer = mail("Outer")
    outer.add_attachment(inner)
    document = parse_eml(outer.as_bytes())
    assert headings_of(document) == [(1, "Outer"), (2, "Inner"), (3, "file.txt")]
    assert "innermost words" in document.text


def test_a_chain_of_mails_ends_somewhere() -> None:
    message = mail("level 0")
    for level in range(1, 9):
        around = mail(f"level {level}")
        around.add_attachment(message.as_bytes(), maintype="application", subtype="octet-stream", filename="mail.eml")
        message = around
    document = parse_eml(message.as_bytes())
    assert document.text.count("Subject") == 0
    assert sum(text.startswith("level") for _, text in headings_of(document)) == MAX_DEPTH + 1


def test_an_attached_bomb_is_named_and_not_unpacked() -> None:
    message = mail("Bomb")
    bomb = zip_of({"word/document.xml": b"\x00" * (200 << 20)})
    message.add_attachment(bomb, maintype="application", subtype="zip", filename="bomb.docx")
    assert headings_of(parse_eml(message.as_bytes())) == [(1, "Bomb"), (2, "bomb.docx")]


def test_malformed_mails_are_read_as_far_as_possible() -> None:
    data = (
        b"Subject: =?utf-8?q?broken\nFrom: <<>>@@\nTo: \xff\xfe\nDate: never\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain; name="\xe9\n\ntext\n'
    )
    document = parse_eml(data)
    assert "broken" in document.text


@pytest.mark.timeout(20)
def test_endless_and_deeply_nested_headers_cost_nothing() -> None:
    head = b"Subject: S\nFrom: " + b"(" * 30_000 + b"\nContent-Type: " + b"a;" * 50_000 + b"\n\ntext of it\n"
    document = parse_eml(head)
    assert document.title == "S"
    assert document.text.endswith("text of it")


def test_what_is_no_mail() -> None:
    with pytest.raises(Unreadable):
        parse_eml(b"\njust text\n")


def test_a_mailbox() -> None:
    first, second = mail("First", "one\n>From the start\n"), mail("Second", "two")
    data = b"".join(
        b"From a@b Mon May  6 10:00:00 2024\n" + m.as_bytes(policy=email.policy.SMTP) + b"\r\n" for m in (first, second)
    )
    document = parse_mbox(data)
    assert [text for _, text in headings_of(document)] == ["First", "Second"]
    assert "From the start" in document.text
    with pytest.raises(Unreadable):
        parse_mbox(b"no mail")


def test_outlook_mail() -> None:
    streams = msg_properties("会议 notes", "Body of it.\r\n", sender="Ann", to="Bob")
    streams["__attach_version1.0_#00000000"] = {
        "__substg1.0_3707001F": "long name.txt".encode("utf-16-le"),
        "__substg1.0_37010102": b"attached words".ljust(4096),
        "__properties_version1.0": b"\x00" * 8,
    }
    streams["__attach_version1.0_#00000001"] = {
        "__substg1.0_3701000D": msg_properties("Inner mail", "inner words"),
        "__properties_version1.0": b"\x00" * 8,
    }
    document = parse_msg(compound_file(streams))
    assert document.title == "会议 notes"
    assert headings_of(document) == [(1, "会议 notes"), (2, "long name.txt"), (2, "Inner mail")]
    assert "From: Ann\nTo: Bob\nDate: 2025-08-" in document.text
    assert "attached words" in document.text
    assert "inner words" in document.text


def test_a_damaged_outlook_mail() -> None:
    with pytest.raises(Unreadable):
        parse_msg(compound_file({"__nameid_version1.0": b"x"})[:600])
