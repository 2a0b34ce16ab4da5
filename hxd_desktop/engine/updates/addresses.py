"""Which addresses a feed, and the notes that it points to, may have."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_CHARS = 2048
# What an address is written with; others are written by these, or meant to deceive.
_WRITTEN = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)


def is_usable(address: str) -> bool:
    """Whether it is an https address without a user's name; http is for this machine alone."""
    return _parts(address) is not None


def origin(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address that is usable."""
    parts = _parts(address)
    if parts is None:
        raise ValueError(address)
    return parts.scheme, parts.hostname or "", parts.port


def is_here(address: str) -> bool:
    """Whether a usable address is on this machine; nothing is looked up."""
    return _is_loopback(origin(address)[1])


def _parts(address: str) -> SplitResult | None:
    if len(address) > _CHARS or not _WRITTEN.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    return parts if safe and host and parts.username is None and parts.password is None else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
