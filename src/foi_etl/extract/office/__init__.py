"""Documents of office programs: Word, spreadsheets, RTF. No macro is ever looked at."""
