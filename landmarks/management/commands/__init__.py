"""The commands of `manage.py`: arguments in, calls of services and cli, text out."""
