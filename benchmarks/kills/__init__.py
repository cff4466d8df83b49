"""What is left of an index after `kill -9`, on a real repository."""
