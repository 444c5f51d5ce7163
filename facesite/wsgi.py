"""The WSGI application, for `manage.py serve` and for any other WSGI server."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from facesite import error_reports
from landmarks.server import running

# New files are readable by this user only: photos, results and keys are private.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")

CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)

site = get_wsgi_application()
if settings.SENTRY_DSN:
    error_reports.start(settings.SENTRY_DSN)
# Also under other servers than `manage.py serve`.
running.hold()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, which reads everything as UTF-8: Django would use any Python codec that a client names, even "hex".

    Requests without a Host get 400.
    """
    # HTTP/1.1 demands a Host. Django would answer under the name of the socket, which is always allowed; "" never is.
    environ.setdefault("HTTP_HOST", "")
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return site(environ, start_response)
