"""A folder that is somewhere else now, on another machine or drive: what is known of its files goes with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hxd_desktop.engine.errors import WatchError
from hxd_desktop.engine.library.catalog import folders
from hxd_desktop.engine.library.model import FolderInfo


def point_folder(connection: sqlite3.Connection, folder_id: int, path: Path) -> None:
    """Let a folder be at `path` (absolute) from now on, with its documents; the next scan sees what differs there.

    Nothing is read again that is the same there. Where the folder has gone from its library, nothing happens.

    Raises:
        WatchError: the library has a folder there, or inside, or around it.
    """
    known = {folder.id: folder for folder in folders(connection)}
    folder = known.get(folder_id)
    if folder is None or folder.path == str(path):
        return
    for other in known.values():
        if other.id != folder_id and other.library == folder.library and _meet(other, str(path)):
            raise WatchError(
                "The library has that folder already",
                f"{other.path} belongs to {folder.library}.",
                "Choose another folder, or remove that one first.",
                path,
            )
    # The files are others for the file system; where they came from may have written paths in its own way.
    connection.execute(
        "UPDATE documents SET inode = NULL, path = ?1 || replace(substr(path, ?2), ?3, ?4) WHERE folder_id = ?5",
        (str(path), len(folder.path) + 1, *_separators(folder.path, str(path)), folder_id),
    )
    connection.execute("UPDATE folders SET path = ?, identity = NULL WHERE id = ?", (str(path), folder_id))


def _separators(before: str, after: str) -> tuple[str, str]:
    """What stands between folders in two paths; twice the same where nothing is to be replaced."""
    old, new = ("\\" if "/" not in path else "/" for path in (before, after))
    return old, new


def _meet(other: FolderInfo, path: str) -> bool:
    one, two = Path(other.path), Path(path)
    return one == two or one in two.parents or two in one.parents
