"""`python -m benchmarks engine|peers|covers|history|load|api|durability|jobs|altered [FOLDER] [--json FILE]`."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
    django.setup()
    # Imported here because models can only be imported once Django is set up.
    from benchmarks.command import main

    sys.exit(main())
