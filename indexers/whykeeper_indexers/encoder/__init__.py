"""From text to vectors: which model, its tokens, and the process that runs it."""
