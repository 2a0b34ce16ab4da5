"""What every part of the window shares, built once by the composition root and passed by constructor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.chat.session import ChatSession
from hxd_desktop.ui.conversations.model import ConversationModel
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.library.model import LibraryModel
from hxd_desktop.ui.manage.session import ModelsSession
from hxd_desktop.ui.system.hotkey import Hotkey
from hxd_desktop.ui.theme import Theme
from hxd_desktop.ui.updates import UpdateWatch
from hxd_desktop.ui.window_state import WindowState


@dataclass(frozen=True, slots=True)
class Services:
    """Bridge, look, and the models that outlive a window (a change of language makes a new window on them)."""

    bridge: Bridge
    theme: Theme
    language: Language
    state: WindowState
    data_dir: Path
    named: Path  # the data directory as it is asked for: another path where it was moved
    session: ChatSession
    libraries: LibraryModel
    conversations: ConversationModel
    models: ModelsSession
    hotkey: Hotkey
    updates: UpdateWatch


def make_services(theme: Theme, language: Language, data_dir: Path, named: Path | None = None) -> Services:
    """Build the bridge and the models on it, connected; `named` is how a data directory that was moved is asked for."""
    bridge = Bridge()
    state = WindowState(data_dir)
    services = Services(
        bridge=bridge,
        theme=theme,
        language=language,
        state=state,
        data_dir=data_dir,
        named=named or data_dir,
        session=ChatSession(bridge, state.names("asked")),
        libraries=LibraryModel(),
        conversations=ConversationModel(),
        models=ModelsSession(bridge),
        hotkey=Hotkey(),
        updates=UpdateWatch(bridge, state),
    )
    bridge.libraries.connect(services.libraries.set_libraries)
    bridge.progress.connect(services.libraries.set_progress)
    bridge.conversations.connect(services.conversations.set_conversations)
    services.conversations.rename_asked.connect(services.session.rename)
    return services
