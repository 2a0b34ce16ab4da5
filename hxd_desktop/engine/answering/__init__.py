"""A question's way to an answer or a refusal."""
