"""How long tests wait for what must come."""

PATIENCE = 120
"""Seconds for what takes none or few where nothing else runs; longer than a busy machine makes of them."""
