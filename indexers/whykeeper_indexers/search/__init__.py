"""The way out: from a question to a short, ranked answer with its evidence."""
