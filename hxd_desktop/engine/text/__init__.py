"""Text as both sides of a search see it: folding, words, sentences, language."""
