"""The Celery application, for `celery -A facesite worker` and, with TASKS=celery, for what sends it jobs.

A worker that is killed loses nothing: the row of its job is the truth (landmarks/storage/jobs.py).
"""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init, worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
# New files are readable by this user only: photos and results are private.
os.umask(0o077)

HANGS = 330
"""Seconds after which a process that still runs a job is replaced. The lease of the job has ended by then."""


def configure(app: Celery) -> None:
    # Imported here because it reads the settings.
    from django.conf import settings

    is_redis = settings.CELERY_BROKER_URL.startswith(("redis", "unix", "sentinel"))
    app.conf.update(
        broker_url=settings.CELERY_BROKER_URL,
        broker_connection_timeout=4,
        broker_connection_retry_on_startup=True,
        # RabbitMQ confirms what it has; Redis answers every command.
        broker_transport_options={"socket_connect_timeout": 4} if is_redis else {"confirm_publish": True},
        include=["landmarks.services.job_task"],
        task_ignore_result=True,
        # Not before the job is done, so that it goes to another process if this one is killed.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # Of messages that wait in a worker, others could do none.
        worker_prefetch_multiplier=1,
        task_time_limit=HANGS,
        task_queues={"interactive": {}, "batch": {}},
        task_create_missing_queues=False,
        task_default_queue="batch",
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0},
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_send_task_events=False,
        # Nobody sends commands to workers, and two of one name would fight for RabbitMQ's queue of them.
        worker_enable_remote_control=False,
        # Celery would open the database anew for each task; `keep_database_open` says when that is needed.
        CELERY_DB_REUSE_MAX=sys.maxsize,
    )


app = Celery("facesite")
configure(app)
app.set_default()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_logging(**options: Any) -> None:
    """Leave the log as Django's settings have it: Celery's own would contain what is nobody's business."""


@worker_init.connect  # type: ignore[untyped-decorator]
def prepare(**options: Any) -> None:
    """Share the data folder with other programs, but not with `restore`, which needs it alone."""
    from landmarks.server import running

    running.hold()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def use_one_processor(**options: Any) -> None:
    """There is a process for each processor; a second thread would cost more time than it saves."""
    from landmarks.engines.local.threads import use_single_thread

    use_single_thread()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def keep_database_open(**options: Any) -> None:
    """From one job to the next, which spares a tenth of a job's time, unless it has failed or the server is gone."""
    from django.db import connection

    connection.settings_dict.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def begin_presence(**options: Any) -> None:
    """The page for operators shows each process."""
    from landmarks.server.presence_thread import PresenceThread

    app.presence = PresenceThread("celery")


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def end_presence(**options: Any) -> None:
    from django.db import connections

    app.presence.stop()
    connections.close_all()
