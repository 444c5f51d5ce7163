"""Untrusted bytes to an upright sRGB photo, decoded in processes of their own."""
