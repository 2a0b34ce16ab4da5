"""Documents set like documents: what to draw is worked out without Qt, and every letter knows where it stood."""
