"""What documents say of code, held against a change of that code."""
