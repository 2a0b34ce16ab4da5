"""Text read off pictures of pages by a local engine, in a process of its own."""
