"""What stops a backup or a restore."""

from landmarks.core.errors import StorageError


class BackupError(StorageError):
    """A backup can't be made, or not be restored; nothing was changed."""
