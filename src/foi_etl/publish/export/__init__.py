"""A release in the formats that researchers use."""
