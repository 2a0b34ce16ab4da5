"""Whether there is a newer version: asked of a feed of releases, and only where the user has turned that on."""
