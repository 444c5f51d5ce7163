"""The hosted engine: Ace Data Cloud's API, called as if money and someone's photo depended on each call."""
