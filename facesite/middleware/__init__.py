"""Middleware, one module for each concern."""
