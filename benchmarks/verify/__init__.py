"""Whether verifying a change finds what is wrong, and says nothing of what is right."""
