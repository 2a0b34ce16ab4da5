"""The engine: everything but the screen. It never imports Qt; start at `hxd_desktop.engine.assistant`."""
