"""whykeeper: the persistent memory of a software project, for coding agents."""

__version__ = "0.1.0"
