"""The middle column: questions and answers."""
