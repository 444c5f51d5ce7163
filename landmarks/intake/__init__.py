"""How photos come in: bytes to an upright photo, and an address to bytes."""
