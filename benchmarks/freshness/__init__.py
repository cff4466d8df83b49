"""How many of the statements on stale documents are right, by judgements made by hand."""
