"""Text that a language model reads as data: fenced so that it cannot end its fence, and without marks of its own.

Each fence carries a mark that is made of the fenced text and a secret of this run. Whoever wrote the text cannot know
it, and a mark that leaked is of no use: another text has another mark. The same text has the same mark, so that a
model that has read the beginning of a prompt need not read it again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata

_SECRET = secrets.token_bytes(32)
_MARK_CHARS = 8

# Joiners belong to words of some scripts and to emoji; every other invisible character only hides something.
_JOINERS = "\u200c\u200d"
_VARIATIONS = range(0xE0100, 0xE01F0)
# What chat templates write around turns. A model's own control tokens are known where it is loaded; a server's are not,
# and some templates write theirs in plain letters.
_TURNS = re.compile(
    r"<[|｜][^|｜<>\n]{1,40}[|｜]>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)\]"
    r"|<</?SYS>>"
    r"|</?s>|<(?:bos|eos|pad|unk)>"
    r"|</?(?:start|end)_of_turn>"
    r"|</?(?:think|tool_call|tool_response|function_calls)>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=\s*/?\s*(?:source|question|answer|history)\b)", re.IGNORECASE)


def fenced(name: str, text: str, **attributes: object) -> str:
    """Put `text` between tags called `name` that it can neither close nor open."""
    inner = _TAG.sub("&lt;", disarmed(text))
    opening = "".join(f' {key}="{_attribute(str(value))}"' for key, value in attributes.items())
    mark = _mark(f"{name}{opening}\n{inner}")
    return f"<{name}{opening} id={mark}>\n{inner}\n</{name} id={mark}>"


def disarmed(text: str) -> str:
    """Return `text` without invisible characters, and with what chat templates write around turns broken up."""
    return _TURNS.sub(lambda match: f"{match[0][0]} {match[0][1:]}", visible(text))


def visible(text: str) -> str:
    """Return `text` without characters that show nothing, change its direction, or control a terminal."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or c in _JOINERS or not _hidden(c))


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc", "Cs") or ord(character) in _VARIATIONS


def _mark(text: str) -> str:
    digest = hmac.new(_SECRET, text.encode("utf-8", "replace"), hashlib.sha256)
    return digest.hexdigest()[:_MARK_CHARS]


def _attribute(text: str) -> str:
    escaped = disarmed(text).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(escaped.split())
