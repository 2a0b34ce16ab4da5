"""What ties the window to the system: the tray, and starting at login."""
