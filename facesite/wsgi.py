"""The WSGI application, for `manage.py serve` and for any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

# Whatever is made is for this user alone: photos, results and keys are private.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")

application = get_wsgi_application()
