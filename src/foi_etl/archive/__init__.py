"""Keeping what portals answered: the only room that holds bytes."""
