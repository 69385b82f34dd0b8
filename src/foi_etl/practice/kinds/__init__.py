"""Practice reports as other kinds of document: PDF, OFD, Word, spreadsheets, RTF, scans."""
