"""Corrected points from files that were exported here and edited elsewhere: one module for each format."""
