"""Faces drawn on photos: the same marks and lines as pictures and as SVG."""
