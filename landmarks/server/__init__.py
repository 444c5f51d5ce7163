"""Preparing the site and serving it."""
