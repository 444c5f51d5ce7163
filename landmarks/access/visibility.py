"""Who sees which results."""

from django.conf import settings

from landmarks import models


def is_history_shared() -> bool:
    return bool(settings.HISTORY == "shared")


def results_of_same_photo(result: models.Result, seen: models.ResultQuerySet) -> models.ResultQuerySet:
    """The other runs over a result's photo among those that may be seen."""
    return seen.filter(photo_id=result.photo_id).exclude(pk=result.pk)


def results_seen_by(owner: str | None) -> models.ResultQuerySet:
    """What this owner may see: its own results, or everybody's in a shared history."""
    return all_results_of(owner).kept()


def all_results_of(owner: str | None) -> models.ResultQuerySet:
    """Those, and those that were deleted and are not gone yet."""
    results = models.Result.objects.all()
    if is_history_shared():
        return results
    return results.owned_by(owner) if owner else results.none()
