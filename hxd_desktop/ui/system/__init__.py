"""What ties the window to the system: the tray, starting at login, what it is asked to open."""
