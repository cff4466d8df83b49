"""Decisions and notes, written into the repository: whole, in its own forms, and found at once."""
