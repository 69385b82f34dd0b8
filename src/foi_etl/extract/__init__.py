"""Reading: bytes to a document, its tables, and the statutory tables in them. Nothing here judges a number."""
