"""Files that results leave in: one module a format, and the registry of formats."""
