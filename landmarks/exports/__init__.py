"""Files that results are exported to: one module for each format, and the registry of formats."""
