"""Work on documents that needs the world: a process with limits around a reader, LibreOffice, OCR models."""
