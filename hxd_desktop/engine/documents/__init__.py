"""Bytes to text with places: formats, structure, chunks."""
