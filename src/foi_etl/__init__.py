"""foi-etl."""
