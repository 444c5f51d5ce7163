"""The socket that the site listens on, and the address that is shown for it."""

import errno
import ipaddress
import socket

from django.conf import settings
from django.core.management.base import CommandError

BACKLOG = 2048
"""Connections that the system accepts while the server is busy."""


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CommandError where the address cannot be used, and says what to do."""
    if not is_loopback(host) and not settings.NAMED_HOSTS:
        raise CommandError(
            f"{host} is not a loopback address, and a host that is not loopback needs ALLOWED_HOSTS: set it to the "
            "names by which the site is reached, for example ALLOWED_HOSTS=photos.example.org."
        )
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as exc:
        raise CommandError(_why_not(exc, host, port)) from exc


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = settings.NAMED_HOSTS[0].lstrip(".") if settings.NAMED_HOSTS[0] != "*" else "localhost"
        return f"http://{host}:{port}/"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _why_not(exc: OSError, host: str, port: int) -> str:
    if exc.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use. Stop the other program or choose another: "
            f"manage.py serve --port {port % 65535 + 1}"
        )
    if exc.errno == errno.EACCES:
        return f"This user may not open port {port}. Choose one above 1023: manage.py serve --port 8000"
    return f"Port {port} on {host} cannot be opened ({exc.strerror}). Choose an address that this machine has."
