"""The page of models: what is here, what can be had, what runs where."""
