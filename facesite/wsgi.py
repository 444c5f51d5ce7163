"""The WSGI application, for `manage.py serve` and for any other WSGI server."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

# New files are readable by this user only: photos, results and keys are private.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")

CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)

site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, which reads everything as UTF-8: Django would use any Python codec that a client names, even "hex"."""
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return site(environ, start_response)
