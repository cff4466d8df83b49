"""Programs that others wrote, measured beside whykeeper: each in a virtual environment of its own."""
