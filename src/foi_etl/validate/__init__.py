"""Doubting: what the facts of a report give reason to question. No fact is ever changed here."""
