"""How many decision records of real repositories are read, and what is read of them."""
