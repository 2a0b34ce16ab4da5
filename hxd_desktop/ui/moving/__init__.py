"""Moving the data directory, with a small window of its own while the large one is away."""
