"""The door for programs: the vendor's two addresses, our own API, its specification and the page about it."""
