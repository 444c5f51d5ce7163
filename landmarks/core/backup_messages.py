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
    "restore_needs_disk": (
        "Photos are in the bucket {bucket}, and a backup is restored to a disk. Restore it without S3_BUCKET, then "
        "copy the photos with manage.py move_media."
    ),
    "restore_failed": (
        "The backup could not be restored: {reason}. Everything is as it was before. Fix this, then try again."
    ),
    # Moving a site elsewhere
    "move_needs_bucket": (
        "Photos are kept in the data folder, so there is nowhere to copy them to. Set S3_BUCKET and what belongs to it "
        "(docs/settings.md), then try again."
    ),
    "move_failed": "{path} could not be copied: {reason}. Fix this, then run the command again: it goes on from here.",
    "move_differs": "The copy of {path} differs from the file. Check the bucket, then run the command again.",
    "move_needs_postgresql": (
        "DATABASE_URL does not name a PostgreSQL database, so there is nowhere to copy to. Set it to the new one, then "
        "try again."
    ),
    "move_no_database": "There is no database at {path}. Name the SQLite file of the site.",
    "move_old_schema": (
        "The database {path} was last used by another version ({migration}). Start the site with it once, stop it, "
        "then try again."
    ),
    "move_not_alike": (
        "The databases differ in {table}: {here:,} rows in SQLite, {there:,} in PostgreSQL, or their contents differ. "
        "Empty the new database, then try again."
    ),
    "move_database_failed": "The database can't be copied: {reason}. Fix this, then run the command again.",
}
