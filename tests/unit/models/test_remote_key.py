from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import PasswordDeleteError, PasswordSetError

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.models.remote_key import SERVICE, VARIABLE, find_key, forget_key, keep_key

HERE = "http://127.0.0.1:11434"


class Memory(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise PasswordSetError(f"cannot keep {password}")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def memory() -> Memory:
    backend = Memory()
    keyring.set_keyring(backend)
    return backend


def test_a_key_is_kept_for_one_server_alone(memory: Memory) -> None:
    keep_key(HERE, " sk-1 \n")
    assert memory.kept == {(SERVICE, HERE): "sk-1"}
    assert find_key(HERE) == ("sk-1", "keyring")
    assert find_key("https://other.example.com") is None
    assert forget_key(HERE)
    assert not forget_key(HERE)
    assert find_key(HERE) is None


def test_the_variable_goes_first(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key(HERE, "sk-1")
    monkeypatch.setenv(VARIABLE, " sk-2 ")
    assert find_key(HERE) == ("sk-2", "environment")


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_without_a_keyring_the_remedy_is_the_variable(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    assert find_key(HERE) is None
    with pytest.raises(SettingsError) as failure:
        keep_key(HERE, "sk-1")
    assert VARIABLE in failure.value.remedy


def test_what_a_backend_says_of_the_key_is_not_repeated(memory: Memory) -> None:
    memory.locked = True
    with pytest.raises(SettingsError) as failure:
        keep_key(HERE, "sk-secret")
    assert "sk-secret" not in failure.value.message


@pytest.mark.parametrize("key", ["", "  ", "two words", "schlüssel", "a\nb"])
def test_what_is_no_key_is_not_kept(memory: Memory, key: str) -> None:
    with pytest.raises(SettingsError):
        keep_key(HERE, key)
    assert not memory.kept
