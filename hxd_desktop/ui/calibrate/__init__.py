"""The dialog in which a library's good and bad questions teach its gate, and its limit is set."""
