"""The HTTP API: the vendor's two endpoints, our own, the OpenAPI document and its page."""
