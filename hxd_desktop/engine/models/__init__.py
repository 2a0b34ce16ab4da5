"""What computes: embedders, rerankers, generators, behind small protocols."""
