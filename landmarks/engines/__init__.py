"""Engines that find faces: the protocol they follow and the registry of those there are."""
