"""The questions of each module, one file a module."""
