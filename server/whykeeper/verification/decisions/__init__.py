"""What was decided, held against a change."""
