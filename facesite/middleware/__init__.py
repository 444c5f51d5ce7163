"""Middleware, one module a concern."""
