"""The hosted engine: Ace Data Cloud's API, where every call costs money and sends a photo to a third party."""
