"""Understanding: printed cells to facts, with what follows from them beside them."""
