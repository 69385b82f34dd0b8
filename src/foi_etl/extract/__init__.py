"""Reading: bytes to a document, its tables and the statutory tables in them. No number is judged here."""
