"""The way in: from a change in the repository to something that can be found."""
