"""`whykeeper serve`, driven by clients nobody here wrote."""
