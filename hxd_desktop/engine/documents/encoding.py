"""Bytes of unknown encoding to text.

UTF-8 is tried first and is nearly always right; a byte order mark decides; then the multi-byte encodings of
East Asia are compared by how usual the characters are that they give; what remains is a single-byte encoding.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
# More control characters than this, or a NUL in a single-byte text, and it is not text.
_MAX_CONTROL_SHARE = 0.02
_MIN_NUL_SHARE = 0.02  # in UTF-16: the line ends, spaces and digits even of a Chinese text
# Control characters, and scripts so rare that they rather come from reading binary data as UTF-16.
_UNLIKELY = re.compile(
    "[^\t\n\f\r -~\u00a0-\u06ff\u0900-\u0e7f\u1100-\u11ff\u1e00-\u27ff\u2e80-\u9fff\uac00-\ud7af\uf900-\uffef]+"
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\x08\x1b")

# The most frequent characters of each script cover about half of any running text; a wrong decoding hits few.
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "件数据请需要安装使用配置设置文件系统模型代码运行支持版本"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去"
    "法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點"
    "正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒"
)
_JAPANESE = (
    "".join(map(chr, range(0x3041, 0x3094)))
    + "".join(map(chr, range(0x30A1, 0x30F7)))
    + "ー日本人年大国会中時上出行生事者間前分後合新入手学今社地方部定自動見場同高立動書語文"
)
_HANGUL = (
    "이다는을의에가고하한지로기도사를들은어아자리대나서시인해스그"
    "수있일정전부으보라여만구장제게과주비상원성적면모습안용신공조오것무유니했던등된"
)
_PUNCTUATION = "。，、；：？！「」『』“”‘’（）《》〈〉【】　…—～·"
_CANDIDATES = (
    ("gb18030", frozenset(_SIMPLIFIED + _PUNCTUATION)),
    ("big5hkscs", frozenset(_TRADITIONAL + _PUNCTUATION)),
    ("cp932", frozenset(_JAPANESE + _PUNCTUATION)),
    ("euc_jp", frozenset(_JAPANESE + _PUNCTUATION)),
    ("cp949", frozenset(_HANGUL + _PUNCTUATION)),
)
_FOREIGN = re.compile("[^\x00-\x7f]")
_MIN_USUAL = 0.25
# Rare characters, private use and half-width kana are what a wrong multi-byte decoding is full of.
_ODD = re.compile(
    "[\u0080-\u00a0\uff61-\uff9f\ue000-\uf8ff\u3400-\u4dbf\u0400-\u052f\u2500-\u25ff\U00010000-\U0010ffff]"
)


def decode(data: bytes) -> str | None:
    """Return the text of `data`, or None where it is not text in any encoding that is known here."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data[:_SAMPLE]:
        return _decode_wide(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None if _looks_binary(data) else text
    if _looks_binary(data):
        return None
    return _mostly_utf8(data) or _decode_multibyte(data) or _decode_single_byte(data)


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file (some kilobytes) looks like text; it may end inside a character."""
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return True
    if b"\x00" in head:
        return _decode_wide(head) is not None
    return not _looks_binary(head)


def _looks_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROL)) > _MAX_CONTROL_SHARE * len(sample)


def _decode_wide(data: bytes) -> str | None:
    """UTF-16 and UTF-32 without a mark: NULs stand at every second, or three of four, places."""
    sample = data[: _SAMPLE // 4 * 4]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and even + odd > 0.6 * len(sample):
        encodings = ("utf-32-le", "utf-32-be")
    elif odd > 4 * even and odd > _MIN_NUL_SHARE * len(sample):
        encodings = ("utf-16-le",)  # type: ignore[assignment]
    elif even > 4 * odd and even > _MIN_NUL_SHARE * len(sample):
        encodings = ("utf-16-be",)  # type: ignore[assignment]
    else:
        return None
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(data, final=False)
        except UnicodeDecodeError:
            continue
        head = text[:_SAMPLE]
        unlikely = sum(map(len, _UNLIKELY.findall(head)))
        if head and unlikely <= _MAX_CONTROL_SHARE * len(head):
            return text
    return None


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes, as logs and cut files have them."""
    # The damage may lie anywhere: look at where decoding stopped, and at the beginning.
    head = data[:_SAMPLE].decode("utf-8", errors="replace")
    wrong = head.count("\ufffd")
    right = len(_FOREIGN.findall(head)) - wrong
    if right < 4 * wrong:
        return None
    if not right and len(data) > _SAMPLE:
        return None  # the beginning is plain ASCII and tells nothing
    return data.decode("utf-8", errors="replace")


def _decode_multibyte(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    best: tuple[float, str] | None = None
    for encoding, usual in _CANDIDATES:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(sample, final=False)  # the file, too, may be cut inside a character
        except UnicodeDecodeError:
            continue
        foreign = _FOREIGN.findall(text)
        if not foreign:
            continue
        hits = sum(char in usual for char in foreign)
        score = (hits - 2 * len(_ODD.findall(text))) / len(foreign)
        if score >= _MIN_USUAL and (best is None or score > best[0]):
            best = (score, encoding)
    return data.decode(best[1], errors="replace") if best else None


def _decode_single_byte(data: bytes) -> str:
    """Latin-1 as Windows writes it, unless the letters say otherwise (Cyrillic, Greek, ...)."""
    sample = data[:_SAMPLE]
    if 2 * len(sample.translate(None, bytes(range(0x80)))) > len(sample.translate(None, bytes(range(0x41)))):
        # Mostly letters beyond ASCII: not a Western European language.
        from charset_normalizer import from_bytes

        best = from_bytes(sample, threshold=0.4).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
