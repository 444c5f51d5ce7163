"""`manage.py` that gives each photo a minute, for tests of large ones on a machine that may be busy."""

import manage
from landmarks.photos.decoder_pool import DecoderPool
from landmarks.photos.decoder_process import CPU_SECONDS
from landmarks.runtime.concurrency import ANY, DECODING, Limit

MINUTE = 60.0


def take_time() -> None:
    patient = Limit("decoder processes", DECODING.at_once, ANY, MINUTE, "busy_decoding")
    DecoderPool.__init__.__defaults__ = (patient, MINUTE, CPU_SECONDS)


if __name__ == "__main__":
    take_time()
    manage.main()
