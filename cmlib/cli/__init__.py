"""The commands behind ``python -m cmlib``: audit, collect, doctor."""
