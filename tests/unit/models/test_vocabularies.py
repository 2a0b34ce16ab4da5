from __future__ import annotations

from hxd_desktop.engine.models.vocabularies import languages_of


def test_languages_by_vocabulary() -> None:
    han = [chr(code) for code in range(0x4E00, 0x4E00 + 4000)]
    latin = [
        f"##{a}{b}{c}"
        for a in "abcdefghijklmnopqrstuvwxyz"
        for b in "abcdefghijklmnopqrst"
        for c in "abcdefghijklmnopq"
    ]
    assert languages_of(han) == {"zh"}
    assert languages_of(latin) == {"en"}
    assert languages_of(han + latin) == {"zh", "en"}
    assert languages_of([str(number) for number in range(200_000)]) == {"*"}
    assert languages_of(list("abc")) == set()
