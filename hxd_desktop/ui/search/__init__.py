"""The page that searches without a chat."""
