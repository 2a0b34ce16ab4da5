"""The right column: where an answer comes from, and why it was given or refused."""
