"""The use cases that pages, API and commands call."""
