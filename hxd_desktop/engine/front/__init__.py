"""What the front door offers, subject by subject; `assistant.Assistant` puts them together."""
