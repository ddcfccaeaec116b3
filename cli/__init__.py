"""The `waystation` command: the same offices as the window, for scripts and administrators."""
