"""View functions, one module a group of pages."""
