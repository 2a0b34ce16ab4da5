from __future__ import annotations

import pytest

from hxd_desktop.engine.text.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("拒答阈值决定了助手什么时候不回答。", "zh"),
        ("拒答門檻決定了助手什麼時候不回答。", "zh"),
        ("使用 HuixiangDou 和 TextCNN 时，配置 reject_throttle 的值。", "zh"),
        ("The threshold decides when the assistant refuses to answer.", "en"),
        ("How do I install the package?", "en"),
        ("throttle", "en"),
        ("Der Schwellenwert entscheidet, wann das Programm nicht antwortet und die Frage ablehnt.", "de"),
        ("Le seuil est ce qui décide quand le programme ne répond pas aux questions des utilisateurs.", "fr"),
        ("El umbral es lo que decide cuando el programa no responde a las preguntas de los usuarios.", "es"),
        ("このしきい値は、アシスタントが回答しない条件を決めます。", "ja"),
        ("이 값은 도우미가 언제 대답하지 않는지를 결정합니다.", "ko"),
        ("Порог определяет, когда помощник не отвечает.", "ru"),
        ("تحدد العتبة متى لا يجيب المساعد", "ar"),
        (
            "The word 门槛 means threshold, and it is what the rest of this English sentence is about, as you can see.",
            "en",
        ),
        ("12345 67.8 !!", ""),
        ("", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_tie_is_decided_the_same_way_each_time() -> None:
    assert detect("il der") == detect("der il") == "de"
