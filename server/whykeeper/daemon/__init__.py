"""The daemon: the one process that opens the stores."""
