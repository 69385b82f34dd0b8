"""The second reader: another way from bytes to cells, which knows no labels and no rectangle.

For each kind of document a module gives the rows of its tables as plain texts; `sequence` finds the statutory
tables among them by the lengths of their rows. It shares no code with the first reader but what a number is.
"""
