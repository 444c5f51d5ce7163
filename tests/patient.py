"""`manage.py` that gives each photo a minute, for tests of large ones on a machine that may be busy."""

import manage
from landmarks.photos.decoder_pool import AT_ONCE, DecoderPool


def take_time() -> None:
    DecoderPool.__init__.__defaults__ = (AT_ONCE, 60.0, 60.0)


if __name__ == "__main__":
    take_time()
    manage.main()
