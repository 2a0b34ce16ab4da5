"""Is it any good: datasets, metrics, runs."""
