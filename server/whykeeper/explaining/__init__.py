"""``explain_code``: why a file, a symbol or some lines are as they are."""
