"""Turns a repository into an index, and finds in it."""
