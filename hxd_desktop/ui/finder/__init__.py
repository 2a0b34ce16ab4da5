"""The command palette: everything the window can do, by a few letters."""
