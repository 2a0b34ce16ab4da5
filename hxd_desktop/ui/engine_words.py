"""What the engine says when something fails, in the window's language.

The engine knows no languages: its errors are English. Here stand the sentences of those that a person may meet in the
window, as templates; a sentence that fits none is shown as it is.
"""

from __future__ import annotations

import functools
import re

from hxd_desktop.ui.i18n import mark, t

# A name in braces stands for whatever the engine put there. The more particular template comes first.
TEMPLATES = (
    # the data directory and the database
    mark("The data directory cannot be used"),
    mark("Choose another folder with --data-dir or HXD_DATA_DIR, or correct its permissions."),
    mark("The data directory cannot be written"),
    mark("Correct its permissions, or choose another data directory with --data-dir."),
    mark("The data directory is not ready"),
    mark("Another copy is making it just now."),
    mark("Try again in a moment."),
    mark("The data directory is from a newer version"),
    mark("{name} has schema {found}, this version knows {known}."),
    mark("Update HXD Desktop, or choose another data directory with --data-dir."),
    mark("HXD Desktop is already running on this data directory"),
    mark("Process of another copy writes to {path}."),
    mark("Process {pid} writes to {path}."),
    mark("Use that copy, close it, or choose another data directory with --data-dir."),
    mark("The database is damaged"),
    mark("Close HXD Desktop and run `hxd doctor --repair`, which saves what can be read. Your files are safe."),
    mark("The database is busy"),
    mark("Another program holds {name}."),
    mark("Close the other program that uses this data directory, then try again."),
    mark("The disk is full"),
    mark("{path} could not be written."),
    mark("Free some space, then try again."),
    mark("The database cannot be opened"),
    mark("Check the permissions and the free space of the data directory, or choose another with --data-dir."),
    mark("The disk fails"),
    mark("{path} cannot be read or written: the system reports an error of the disk."),
    mark("Check that the disk is connected and not full, then start again; what was stored is safe."),
    mark("Nothing can be written"),
    mark("This data directory is open for reading only."),
    mark("Use the running copy, or close it first."),
    mark("Nothing was written"),
    mark("The library is closed."),
    mark("Open it again."),
    mark("The vector index cannot be saved"),
    mark("Free some space, or check the permissions of the data directory; nothing is lost."),
    mark("Indexing met a fault of the application"),
    mark("Your documents are unharmed. Report what the log says (Settings, Data)."),
    # settings
    mark("Settings cannot be read"),
    mark("Correct the file, or delete it to return to the defaults."),
    mark("A setting is not valid"),
    mark("{name} in {file} must be {expected}."),
    mark("Correct it, or remove the line to return to the default."),
    mark("Settings cannot be saved"),
    mark("Free some space, or correct the permissions of the data directory."),
    mark("Settings cannot be changed"),
    mark("This copy only reads."),
    mark("Change them in the running copy."),
    # folders and libraries
    mark("The folder does not exist"),
    mark("There is nothing at {path}."),
    mark("Check its name."),
    mark("A folder is looked through instead of watched"),
    mark("There is no such library"),
    mark("No library is called {name}."),
    mark("Choose one of: {names}."),
    mark("The name is taken"),
    mark("Another library is called {name}."),
    mark("Choose another name."),
    mark("There is no such conversation"),
    mark("Number {number} was deleted."),
    mark("Start a new chat."),
    # backups
    mark("The file is no whole backup"),
    mark("Take another copy of it."),
    mark("The folder is not empty"),
    mark("{path} holds something already."),
    mark("Restore into a new or empty folder, so that nothing is overwritten."),
    mark("The backup is of a newer version"),
    mark("Update the application first."),
    mark("The backup cannot be written"),
    mark("Choose a place with enough room that can be written."),
    mark("The backup cannot be restored"),
    mark("Choose a folder with enough room that can be written."),
    # models
    mark("The language model stopped"),
    mark("Its process ended unexpectedly ({why})."),
    mark("Ask again. If it happens again, choose a smaller model, a shorter context or fewer GPU layers."),
    mark("The language model cannot be started"),
    mark("The system did not start its process: {why}."),
    mark("Close other programs and ask again."),
    mark("The embedding model stopped"),
    mark("Try again. If it happens again, close other programs or choose a smaller model."),
    mark("The model is not there"),
    mark("There is no {kind} called {name}."),
    mark("Choose one that `hxd models list` shows, or import it with `hxd models import PATH`."),
    mark("The model's files are not whole"),
    mark("Of {name}, a file is gone or has another size than when it was imported."),
    mark("Remove it with `hxd models remove {name}` and import it again."),
    mark("The model cannot be copied"),
    mark("Check the permissions and the free space of the data directory, and that the file can be read."),
    mark("Not enough room on the disk"),
    mark("The model takes {needed} GB; {free} GB are free at {path}."),
    mark("{name} still needs {needed} GB; {free} GB are free at {path}."),
    mark("The vectors take about {needed} MB; {free} MB are free."),
    mark("Free some space, or move the data directory with --data-dir."),
    mark("Free some space, or move the data directory with --data-dir. The embedder in use stays."),
    mark("{path} cannot take the rest of the model."),
    mark("Free some space and run the download again: it goes on where it stopped."),
    mark("The model cannot be written"),
    mark("Check the permissions of the data directory and run the download again: it goes on where it stopped."),
    mark("Not enough memory for the model"),
    mark("The model does not fit into the free memory."),
    mark("Close other programs, or choose a smaller model."),
    mark("Another embedder is being prepared"),
    mark("The vectors of {name} are being made."),
    mark("Wait until that is done, or cancel it first."),
)
# What systems say, at the end of a sentence.
REASONS = {
    "No space left on device": mark("no space is left on the disk"),
    "Permission denied": mark("permission denied"),
    "Read-only file system": mark("the file system is read-only"),
    "Input/output error": mark("the disk reports an error"),
    "No such file or directory": mark("it is not there"),
    "Not a directory": mark("it is no folder"),
    "attempt to write a readonly database": mark("it is read-only"),
    "unable to open database file": mark("the file cannot be opened"),
    "file is not a database": mark("the file is not a database"),
    "database disk image is malformed": mark("its content is damaged"),
}
_FIELD = re.compile(r"\{(\w+)\}")


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    made = []
    for template in TEMPLATES:
        pieces = _FIELD.split(template)  # text, name, text, name, ...
        pattern = "".join(f"(?P<{piece}>.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
        made.append((re.compile(pattern, re.DOTALL), template))
    return tuple(made)


def said(text: str) -> str:
    """Return a sentence of the engine in the window's language, or as it is where it is not known."""
    for pattern, template in _patterns():
        if (found := pattern.fullmatch(text)) is not None:
            return t(template, **found.groupdict())
    for reason, words in REASONS.items():
        if text.rstrip(".").endswith(f": {reason}"):
            return t("{what}: {why}.", what=text.rstrip(".").removesuffix(f": {reason}"), why=t(words))
    return text
