"""A small country of portals that knows the truth of every cell."""
