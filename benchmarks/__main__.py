"""`python -m benchmarks BENCHMARK [FOLDER] [--json FILE]`; `--help` lists the benchmarks."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
    django.setup()
    # Imported here because models can only be imported once Django is set up.
    from benchmarks.command import main

    sys.exit(main())
