"""What a disk without room means for what is being received."""

import errno

from landmarks.core.errors import StorageError, StorageFull

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def upload_failure(error: OSError) -> StorageError:
    """The error to raise where what is being received cannot be kept."""
    kind = StorageFull if error.errno in DISK_FULL else StorageError
    return kind("uploads_disk_full", detail=str(error))
