"""The left column's upper half: the conversations."""
