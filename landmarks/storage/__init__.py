"""Rows and files: how they are written, found, deleted and counted."""
