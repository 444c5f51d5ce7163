"""Foreign JSON shapes, one module each, read strictly and written exactly."""
