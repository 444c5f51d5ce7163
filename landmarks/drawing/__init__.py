"""How faces are shown: the same marks and lines as a picture and as SVG."""
