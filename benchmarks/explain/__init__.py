"""``explain_code`` on lines of real repositories, judged by hand."""
