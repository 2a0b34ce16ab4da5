"""HXD Desktop: an offline assistant over the user's own folders that shows why it answers or refuses."""

__version__ = "0.1.0"
