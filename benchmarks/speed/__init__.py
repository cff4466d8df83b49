"""How fast whykeeper is, line by line of the issue's table."""
