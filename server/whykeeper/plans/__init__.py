"""Plans of work: Markdown files of the repository that say what is done, why, and how far it has come."""
