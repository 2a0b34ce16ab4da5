"""The settings, one page a topic."""
