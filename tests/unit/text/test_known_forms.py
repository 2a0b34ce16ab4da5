from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.text.known_forms import Abbreviations, OtherForm
from hxd_desktop.engine.text.words import index_terms


def forms(known: Abbreviations, text: str) -> list[tuple[int, int, str]]:
    return [(found.start, found.stop, found.form) for found in known.find(index_terms(text).split())]


def test_both_directions_and_any_spelling() -> None:
    known = Abbreviations([("VPN", "virtual private network", 1)])
    assert known.find(["my", "vpn"]) == [OtherForm(1, 2, "virtual private network")]
    assert forms(known, "Virtual private networks") == [(0, 3, "VPN")]
    assert forms(known, "private network") == []
    assert len(known) == 2


def test_the_form_that_is_said_most_in_each_script() -> None:
    known = Abbreviations(
        [("OCR", "光学字符识别", 3), ("OCR", "文字识别", 1), ("OCR", "optical character recognition", 1)]
    )
    assert forms(known, "OCR") == [(0, 1, "光学字符识别"), (0, 1, "optical character recognition")]


def test_the_run_before_a_chinese_name_is_cut_off_where_another_mention_shows_its_beginning() -> None:
    known = Abbreviations([("LLM", "服务大型语言模型", 1), ("LLM", "评估大型语言模型", 1), ("LLM", "大型语言模型", 1)])
    assert forms(known, "LLM") == [(0, 1, "大型语言模型")]
    assert [form for _, _, form in forms(known, "大型语言模型怎么部署")] == ["LLM"]
    whole = Abbreviations([("AI", "人工智能", 2), ("AI", "如人工智能", 1)])
    assert forms(whole, "AI") == [(0, 1, "人工智能")]


def test_the_end_of_a_chinese_name_leads_to_its_abbreviation_where_it_ends_no_other() -> None:
    known = Abbreviations([("VPN", "须先连接虚拟专用网络", 1), ("OCR", "开启文字识别", 1), ("ASR", "开启语音识别", 1)])
    assert forms(known, "虚拟专用网络") == [(0, 5, "VPN")]
    assert forms(known, "用网络") == []  # too short
    assert forms(known, "文字识别") == [(0, 3, "OCR")]
    assert forms(Abbreviations([("AX", "某种文字识别", 1), ("BX", "另类文字识别", 1)]), "文字识别") == []


def test_the_longest_form_at_a_place_is_taken() -> None:
    known = Abbreviations([("A1X", "red box", 1), ("B1X", "red box car", 1)])
    assert forms(known, "red box car") == [(0, 3, "B1X")]
    assert forms(known, "red box cat") == [(0, 2, "A1X")]


def test_nothing_known() -> None:
    assert Abbreviations([]).find(["a"]) == []
    assert Abbreviations([("VPN", "", 1), ("", "x y", 1)]).find(["vpn"]) == []


SHORT = st.text(st.sampled_from("ABCa1_-é发改委Ａ"), min_size=1, max_size=4)
LONG = st.text(st.sampled_from("ab Cé_发改委会國国家ＡB9 "), max_size=9)


@given(
    st.lists(st.tuples(SHORT, st.one_of(LONG, SHORT), st.integers(1, 3)), max_size=12, unique_by=lambda pair: pair[:2]),
    st.lists(st.lists(st.one_of(SHORT, LONG), min_size=1, max_size=4).map("".join), min_size=1, max_size=5),
)
def test_what_is_found_does_not_depend_on_what_was_looked_at_before(
    pairs: list[tuple[str, str, int]], texts: list[str]
) -> None:
    """A question looks closely at few of the pairs; one that has looked at all of them finds the same."""
    pairs = sorted(pairs)
    everything = Abbreviations(pairs)
    assert len(everything) >= 0
    used = Abbreviations(pairs)
    for text in [
        *texts,
        *(text[1:] for text in texts),
        *(long for _, long, _ in pairs),
        *(short for short, _, _ in pairs),
    ]:
        assert forms(used, text) == forms(everything, text) == forms(Abbreviations(pairs), text)
