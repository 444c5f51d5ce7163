"""Whose job is next: owners take turns, so that a thousand photos of one hold up nobody else's five.

Each job gets a number when it is queued, and the lowest one is claimed (start-time fair queueing): an owner's jobs have
one number after the other, beginning with the number whose turn it is just then. So claiming is one step along an
index, however many jobs and owners wait.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import F, Max, Min, Window
from django.db.models.functions import RowNumber

from landmarks.models import Job, JobQuerySet, JobStatus


def line_up(jobs: Sequence[Job]) -> None:
    """Give new jobs of one owner and queue their turns, after those that the owner has in that queue already."""
    if jobs:
        first = next_turn(jobs[0].owner_id, jobs[0].queue)
        for number, job in enumerate(jobs):
            job.turn = first + number


def line_up_again(rows: JobQuerySet, owner_id: int, queue: int) -> None:
    """The same for rows that are about to be queued, of one owner, in the order of the turns that they had."""
    number = Window(RowNumber(), order_by=["turn", "due"])
    numbered = rows.annotate(job=F("pk"), number=number).values("job", "number").order_by()
    query, values = numbered.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE landmarks_job SET turn = %s + numbered.number FROM ({query}) AS numbered "  # noqa: S608
            "WHERE landmarks_job.id = numbered.job",
            [next_turn(owner_id, queue) - 1, *values],
        )


def next_turn(owner_id: int, queue: int) -> int:
    """Of the owner's next job: that of the job whose turn it is, or the one after the owner's last."""
    jobs = Job.objects.open().filter(queue=queue)
    running = jobs.filter(status=JobStatus.RUNNING).aggregate(turn=Max("turn"))["turn"]
    waiting = jobs.filter(status=JobStatus.QUEUED).aggregate(turn=Min("turn"))["turn"]
    own = jobs.filter(owner=owner_id).aggregate(turn=Max("turn"))["turn"]
    return max(running or 0, waiting or 0, 0 if own is None else own + 1)
