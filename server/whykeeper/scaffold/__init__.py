"""``whykeeper init``: what a repository is, read from its files, and the documents that say so."""
