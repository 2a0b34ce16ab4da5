"""The key of a remote model: in the system's keyring, or in an environment variable; never in a file of ours."""

from __future__ import annotations

import os
from typing import Literal

from hxd_desktop.engine.errors import SettingsError

SERVICE = "HXD Desktop"
VARIABLE = "HXD_REMOTE_KEY"

Place = Literal["environment", "keyring"]


def find_key(origin: str) -> tuple[str, Place] | None:
    """Return the key for a server (scheme, host and port) and where it was found; None where there is none.

    The variable goes before the keyring. A keyring that cannot be read counts as empty: most servers of one's own
    want no key, and one that does says so.
    """
    from_environment = os.environ.get(VARIABLE, "").strip()
    if from_environment:
        return from_environment, "environment"
    import keyring
    from keyring.errors import KeyringError

    try:
        key = keyring.get_password(SERVICE, origin)
    except (KeyringError, OSError, RuntimeError):
        return None
    return (key, "keyring") if key else None


def keep_key(origin: str, key: str) -> None:
    """Put the key for a server into the system's keyring, over one that is there.

    Raises:
        SettingsError: the key is empty or not one line of ASCII, or the system has no keyring that takes it.
    """
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            "The key is not valid", "A key is one word of letters, digits and signs.", "Copy it again from the server."
        )
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, origin, key)
        kept = keyring.get_password(SERVICE, origin) == key  # the null backend takes everything and keeps nothing
    except (KeyringError, OSError, RuntimeError) as error:
        raise _no_keyring(type(error).__name__) from error
    if not kept:
        raise _no_keyring("it did not keep the key")


def forget_key(origin: str) -> bool:
    """Take the key for a server out of the keyring; return whether there was one.

    Raises:
        SettingsError: the system has no keyring that can be written.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if not keyring.get_password(SERVICE, origin):
            return False
        keyring.delete_password(SERVICE, origin)
    except PasswordDeleteError:
        return False
    except (KeyringError, OSError, RuntimeError) as error:
        raise _no_keyring(type(error).__name__) from error
    return True


def _no_keyring(why: str) -> SettingsError:
    # The error's own words are left out: a backend may repeat what it was given.
    return SettingsError(
        "The system's keyring cannot be used",
        f"No place to keep the key safely was found ({why}).",
        f"Set the environment variable {VARIABLE} instead, or start the system's keyring "
        "(GNOME Keyring, KWallet, macOS Keychain, Windows Credential Locker).",
    )
