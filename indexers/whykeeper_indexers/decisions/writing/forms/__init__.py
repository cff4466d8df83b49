"""How records of each form look where a folder has none to learn from: one module each."""
