from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.text.abbreviations import definitions, is_short_form, numeronym


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use a virtual private network (VPN) here.", [("VPN", "virtual private network")]),
        ("SSO (Single Sign-On) is on", [("SSO", "Single Sign-On")]),
        ("the retrieval-augmented generation (RAG)", [("RAG", "retrieval-augmented generation")]),
        ("test-time augmentation (TTA)", [("TTA", "test-time augmentation")]),
        ("single sign-on (SSO, recommended)", [("SSO", "single sign-on")]),
        ("**Virtual Private Network** (VPN)", [("VPN", "Virtual Private Network")]),
        ("我们使用光学字符识别（OCR）", [("OCR", "光学字符识别")]),
        ("OCR（光学字符识别）很慢", [("OCR", "光学字符识别")]),
        (
            "光学字符识别（Optical Character Recognition，OCR）",
            [("OCR", "光学字符识别"), ("OCR", "Optical Character Recognition")],
        ),
        ("中国人民银行（以下简称“央行”）发布", [("央行", "中国人民银行")]),
        ("上海期货交易所(简称上期所)", [("上期所", "上海期货交易所")]),
        ("Kubernetes (K8s) and internationalization (i18n)", [("K8s", "Kubernetes"), ("i18n", "internationalization")]),
    ],
)
def test_what_a_text_explains_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert definitions(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "CPU（不推荐）",  # a remark
        "GPU (optional)",
        "use the file (README)",
        "the year (2024)",
        "关于加强管理的通知（以下简称“通知”）",  # what a paper calls itself
        "某某有限公司（以下简称“甲方”）",
        "kubernetes (k9s)",  # the number is not that of its letters
        "VPN\n(virtual private network",
        "()",
        "",
    ],
)
def test_what_explains_nothing(text: str) -> None:
    assert definitions(text) == []


@given(st.text(alphabet="aA b(（)）,，OCR简称光学“1\n", max_size=60))
def test_both_forms_stand_in_the_text(text: str) -> None:
    for short, long in definitions(text):
        assert short in text
        assert long in text


@pytest.mark.parametrize(
    ("word", "is_one"), [("VPN", True), ("LLMs", True), ("K8s", True), ("B2B", True), ("Linux", False), ("it", False)]
)
def test_how_abbreviations_are_written(word: str, is_one: bool) -> None:
    assert is_short_form(word) is is_one


def test_numeronyms() -> None:
    assert (numeronym("Kubernetes"), numeronym("internationalization"), numeronym("abc")) == ("k8s", "i18n", "")
