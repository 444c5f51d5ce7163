"""`manage.py` that gives each photo a minute, for tests of large ones on a machine that may be busy."""

import manage
from landmarks.photos.decoder_pool import DecoderPool
from landmarks.photos.decoder_process import CPU_SECONDS
from landmarks.runtime.concurrency import DECODING

MINUTE = 60.0


def take_time() -> None:
    DecoderPool.__init__.__defaults__ = (DECODING, MINUTE, CPU_SECONDS)


if __name__ == "__main__":
    take_time()
    manage.main()
