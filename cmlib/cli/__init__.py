"""The commands behind ``python -m cmlib``: audit, simulate, collect, doctor."""
