"""Fixing in time: verdicts become a release, an immutable folder that says what it is and what it changed."""
