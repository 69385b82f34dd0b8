"""Asking politely: the only room that speaks HTTP."""
