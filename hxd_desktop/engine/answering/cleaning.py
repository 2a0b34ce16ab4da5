"""What a language model writes, made safe to show while it comes: its citations are real, it loads and hides nothing.

A passage may have talked the model into a picture or a link whose address carries what was asked to a stranger, or
into markup. Pictures and markup go, of a link its words stay, an address stays only where a passage or the question
holds it word for word. Code is left as it is: nothing in it is drawn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from hxd_desktop.engine.answering.fencing import visible

_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]{}\"'`|，。；、！？）】」》]+", re.IGNORECASE)
_URL_END = ".,;:!?*_~"
_CITATION = re.compile(r"\[[ ]*(\d{1,3}(?:[ ]*[,，、][ ]*\d{1,3})*)[ ]*\]")
_PICTURE = re.compile(r"!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\n]*)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL | re.IGNORECASE)
_ELEMENTS = (
    "a|abbr|area|article|aside|audio|b|base|body|blockquote|br|button|canvas|center|code|dd|details|div|dl|dt|em|embed|"
    "figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|"
    "map|mark|marquee|math|meta|nav|noscript|object|ol|option|p|param|picture|pre|q|s|script|section|select|small|"
    "source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|"
    "track|u|ul|var|video|wbr"
)
_ELEMENT = re.compile(rf"</?(?:{_ELEMENTS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<((?:https?://|www\.)[^\s<>]*)>", re.IGNORECASE)
_FENCE = re.compile(r"`{3,}|~{3,}")
_CODE = re.compile(r"`[^`\n]*`")
_SPECIAL = re.compile(r"`|~~~|!\[|\[|<|https?://|www\.", re.IGNORECASE)
# What may still become something special when more comes.
_UNSURE = re.compile(r"(?:!|~{1,2}|h|ht|htt|https?|https?:|https?:/|w|ww|www)\Z", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"!?\[[^\]\n]*(?:\](?:\([^)\n]*|\[[^\]\n]*)?)?\Z"
    r"|<(?:[a-z/!][^<>\n]*)?\Z"
    r"|`[^`\n]*\Z|(?:`{2,}|~{3,})\Z"
    r"|(?:https?://|www\.)\S*\Z",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<think>|<!--", re.IGNORECASE)  # to its end, however long it takes
_HELD_CHARS = 600  # of something unfinished; longer, it is no link and no tag


class ReplyCleaner:
    """Cleans one reply piece by piece; what may still turn into something else is held back.

    Args:
        numbers: of the sources there are; citations of others are left out.
        known: texts whose addresses may be shown: the sources and the question.

    Attributes:
        removed: how many "citations", "links", "pictures" and "markup" were taken out.
    """

    def __init__(self, numbers: Iterable[int], known: Iterable[str]) -> None:
        self._numbers = frozenset(numbers)
        self._known = frozenset(_bare(url) for text in known for url in _URL.findall(text))
        self._held = ""
        self._fence = ""
        self.removed: Counter[str] = Counter()

    def feed(self, piece: str) -> str:
        """Take the next piece; return what of the reply can be shown now."""
        self._held += visible(piece)
        return self._take(last=False)

    def close(self) -> str:
        """Return what is left."""
        return self._take(last=True)

    def _take(self, *, last: bool) -> str:
        out: list[str] = []
        text, at = self._held, 0
        while at < len(text):
            step = self._code(text, at, out) if self._fence else self._prose(text, at, out, last)
            if step is None:
                break
            at = step
        self._held = text[at:]
        if last and self._held:
            out.append(self._held)
            self._held = ""
        return "".join(out)

    def _code(self, text: str, at: int, out: list[str]) -> int | None:
        """Inside a block of code: everything as it is, up to the line that ends it."""
        end = text.find(self._fence, at)
        if end < 0:
            keep = max(at, len(text) - len(self._fence) + 1)
            out.append(text[at:keep])
            return keep if keep > at else None
        out.append(text[at : end + len(self._fence)])
        at, self._fence = end + len(self._fence), ""
        return at

    def _prose(self, text: str, at: int, out: list[str], last: bool) -> int | None:
        special = _SPECIAL.search(text, at)
        if special is None:
            unsure = None if last else _UNSURE.search(text, at)
            end = unsure.start() if unsure is not None else len(text)
            out.append(text[at:end])
            return end if end > at else None
        if special.start() > at:
            out.append(text[at : special.start()])
            return special.start()
        handled = self._special(text, at, out, last)
        if handled is not None:
            return handled
        hidden = _HIDDEN.match(text, at)
        if hidden is not None and last:
            self.removed["markup"] += 1
            return len(text)
        unfinished = not last and len(text) - at < _HELD_CHARS and _UNFINISHED.match(text, at) is not None
        if hidden is not None or unfinished:
            return None
        out.append(text[at])
        return at + 1

    def _special(self, text: str, at: int, out: list[str], last: bool) -> int | None:
        """Deal with what begins at `at`; return where it ends, None where it is not (yet) anything."""
        match text[at].lower():
            case "`" | "~":
                return self._begin_code(text, at, out, last)
            case "!":
                return self._picture(text, at, out)
            case "[":
                return self._bracket(text, at, out, last)
            case "<":
                return self._angle(text, at, out)
            case _:
                return self._address(text, at, out, last)

    def _begin_code(self, text: str, at: int, out: list[str], last: bool) -> int | None:
        fence = _FENCE.match(text, at)
        if fence is not None and (last or fence.end() < len(text)):
            self._fence = fence[0]
            out.append(fence[0])
            return fence.end()
        code = _CODE.match(text, at) if fence is None and not text.startswith("``", at) else None
        if code is not None:
            out.append(code[0])
            return code.end()
        return None

    def _picture(self, text: str, at: int, out: list[str]) -> int | None:
        picture = _PICTURE.match(text, at)
        if picture is None:
            return None
        self.removed["pictures"] += 1
        out.append(self._inner(picture[1]))
        return picture.end()

    def _bracket(self, text: str, at: int, out: list[str], last: bool) -> int | None:
        link = _LINK.match(text, at)
        if link is not None:
            self.removed["links"] += 1
            shown = _CITATION.fullmatch(f"[{link[1]}]")
            out.append(self._cited(shown[1]) if shown is not None else self._inner(link[1]))
            return link.end()
        citation = _CITATION.match(text, at)
        # Behind the bracket it may go on as a link.
        if citation is None or (citation.end() == len(text) and not last) or text.startswith("(", citation.end()):
            return None
        out.append(self._cited(citation[1]))
        return citation.end()

    def _cited(self, numbers: str) -> str:
        wanted = [int(n) for n in re.findall(r"\d+", numbers)]
        known = [n for n in wanted if n in self._numbers]
        if len(known) < len(wanted):
            self.removed["citations"] += len(wanted) - len(known)
        return "".join(f"[{n}]" for n in known)

    def _angle(self, text: str, at: int, out: list[str]) -> int | None:
        for pattern in (_THOUGHT, _COMMENT, _ELEMENT):
            found = pattern.match(text, at)
            if found is not None:
                self.removed["markup"] += 1
                return found.end()
        link = _AUTOLINK.match(text, at)
        if link is None:
            return None
        out.append(self._shown(link[1]))
        return link.end()

    def _address(self, text: str, at: int, out: list[str], last: bool) -> int | None:
        url = _URL.match(text, at)
        if url is None or (url.end() == len(text) and not last and len(url[0]) < _HELD_CHARS):
            return None
        bare = _bare(url[0])
        out.append(self._shown(bare))
        return at + len(bare)

    def _shown(self, url: str) -> str:
        if url in self._known:
            return url
        self.removed["links"] += 1
        return "[…]"

    def _inner(self, text: str) -> str:
        """The words of a link or picture, cleaned themselves."""
        inner = ReplyCleaner(self._numbers, ())
        inner._known = self._known
        cleaned = inner.feed(text) + inner.close()
        self.removed.update(inner.removed)
        return cleaned


def _bare(url: str) -> str:
    return url.rstrip(_URL_END)
