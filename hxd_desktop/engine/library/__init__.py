"""What is known, kept: the database, its derived indexes, and the folders that they follow."""
