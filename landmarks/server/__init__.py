"""Preparing the site and running it under gunicorn."""
