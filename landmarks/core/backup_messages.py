"""What backup and restore say when they can't go on."""

BACKUP_MESSAGES = {
    # Making one
    "backup_exists": "{path} already exists. Choose another name, or replace it with --overwrite.",
    "backup_folder_missing": "The folder {path} doesn't exist. Create it, or choose another one.",
    "backup_in_progress": "Another backup is being written to {path}. Wait until it is done, or choose another name.",
    "backup_no_database": (
        "There is no database at {path}, so there is nothing to back up. Check DATA_DIR and DATABASE_URL."
    ),
    "backup_no_space": "{path} has {free:MB} free, but {needed:MB} are needed. Free some, or choose another disk.",
    "backup_failed": "The backup could not be written: {reason}. Nothing of it was kept. Fix this, then try again.",
    "backup_database_failed": "The database could not be read: {reason}. No backup was made.",
    "backup_pg_dump_missing": (
        "The program pg_dump, which backs up PostgreSQL, is missing. Install PostgreSQL's client programs (on Debian: "
        "postgresql-client), version {version} or newer."
    ),
    "backup_pg_dump_old": (
        "The program pg_dump {found} is older than the server, which is PostgreSQL {version}. Install its client "
        "programs in version {version} or newer (on Debian: postgresql-client-{version})."
    ),
    # Reading one
    "backup_unreadable": "{path} can't be read: {reason}. Check its name and permissions.",
    "backup_not_one": "{path} isn't a backup of facesite. Choose a file that manage.py backup made.",
    "backup_incomplete": "{path} is incomplete: it ends before its manifest. Copy it again, or use another backup.",
    "backup_damaged": "{path} is damaged: {reason}. Copy it again, or use another backup.",
    "backup_unsafe": "{path} contains {name}, which no backup contains. It was not made by manage.py backup.",
    "backup_newer": (
        "This backup was made by facesite {version}, which is newer than this one: it has the unknown migration "
        "{migration}. Update facesite, then restore it."
    ),
    "backup_format_unknown": (
        "This backup has the format {found}, and this facesite knows only {known}. Restore it with the version that "
        "made it, {version}."
    ),
    "backup_other_database": (
        "This backup was made from {found}, but the site uses {used}. A backup can only be restored to the same kind "
        "of database: set DATABASE_URL to one of {found}."
    ),
    # Restoring it
    "restore_not_empty": (
        "There are already results or photos here. Use --replace to delete them and restore the backup in their place, "
        "or set DATA_DIR and DATABASE_URL to empty ones."
    ),
    "restore_in_use": (
        "The site is running, or another command is using {path}. Stop manage.py serve and the other commands, then "
        "try again."
    ),
    "restore_database_in_use": (
        "The database has other connections: {count}. Stop the site on all machines and close other programs, then try "
        "again."
    ),
    "restore_database_locked": "Another process is using the database {path}. Stop it, then try again.",
    "restore_database_damaged": (
        "The existing database {path} can't be read ({reason}). Move it away, together with the files of the same name "
        "that end in -wal and -shm, then try again with --replace."
    ),
    "restore_failed": (
        "The backup could not be restored: {reason}. Everything is as it was before. Fix this, then try again."
    ),
}
