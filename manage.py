#!/usr/bin/env python
"""Command line of the site: `manage.py serve` runs it, `manage.py help` lists the other commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    # Whatever is made is for this user alone: photos, results and keys are private.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as exc:
        sys.exit(str(exc))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
