"""Which addresses of a remote model are usable, and which of them are on this machine or in the user's own network."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from hxd_desktop.engine.errors import SettingsError

_OWN_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localhost")
_CHAT = "/chat/completions"
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade NAT, and what private meshes such as Tailscale hand out


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """A checked address. `base`: without the slash at its end. `origin`: scheme, host and port. `host`: as shown.

    `near`: it is this machine or a private network, so that no proxy is asked and plain http is let through.
    """

    base: str
    origin: str
    host: str
    near: bool

    @property
    def chat(self) -> str:
        """Where a conversation is posted to."""
        return self.base + _CHAT


def parse_address(url: str) -> RemoteAddress:
    """Check the address of an OpenAI-compatible server, for example http://127.0.0.1:11434/v1.

    Over plain http anybody on the way can read question and passages and change the answer: it is for this machine
    and private networks alone. A user name, a password or a query would put a key into settings and logs.

    Raises:
        SettingsError: it is not such an address.
    """
    text = url.strip().rstrip("/").removesuffix(_CHAT)
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _unusable(str(error)) from error
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in text):
        raise _unusable("it is not an address like https://HOST/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise _unusable("a key or a question mark has no place in it; the key goes into the system's keyring")
    near = is_near(host)
    if parts.scheme == "http" and not near:
        raise SettingsError(
            "The remote model's address is not encrypted",
            f"{host} is not in a private network, and over plain http everybody on the way could read what you ask.",
            "Use its https address; http is for this machine and private networks alone.",
        )
    named = f"[{host}]" if ":" in host else host
    shown = f"{named}:{port}" if port is not None else named
    return RemoteAddress(text, f"{parts.scheme}://{shown}", shown, near)


def is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network, by its number or its name; nothing is looked up."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        name = host.lower()
        return name == "localhost" or "." not in name or name.endswith(_OWN_NAMES)
    if isinstance(address, ipaddress.IPv4Address) and address in _SHARED:
        return True
    return (address.is_private or address.is_loopback or address.is_link_local) and not address.is_unspecified


def _unusable(why: str) -> SettingsError:
    return SettingsError(
        "The remote model's address cannot be used",
        f"remote.url: {why}.",
        "Give the address that ends in /v1, for example http://127.0.0.1:11434/v1.",
    )
