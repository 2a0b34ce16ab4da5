"""The window. It talks to the engine through `hxd_desktop.ui.bridge` alone."""
