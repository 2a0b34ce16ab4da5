"""The left column's lower half: libraries, how far they are, their folders and files."""
