"""Who sees which results."""

from urllib.parse import urlsplit

from django.conf import settings

from landmarks.models import Owner, Result, ResultQuerySet


def is_history_shared() -> bool:
    return bool(settings.HISTORY == "shared")


def visible_results(owner: Owner | None) -> ResultQuerySet:
    """The results that this owner may see: its own, or everybody's in a shared history; None owns nothing."""
    return visible_results_with_deleted(owner).kept()


def visible_results_with_deleted(owner: Owner | None) -> ResultQuerySet:
    """The same with deleted results that can perhaps be restored."""
    results = Result.objects.all()
    if is_history_shared():
        return results
    return results.owned_by(owner) if owner else results.none()


def is_own(result: Result, owner: Owner | None) -> bool:
    """Whether it is the owner's, and not only visible in a shared history."""
    return owner is not None and owner.pk == result.owner_id


def shown_address(result: Result, owner: Owner | None) -> str:
    """Where the photo was fetched. To others without query and fragment, which may be keys to more than this photo."""
    if is_own(result, owner) or not result.address:
        return result.address
    return urlsplit(result.address)._replace(query="", fragment="").geturl()


def results_of_same_photo(result: Result, seen: ResultQuerySet) -> ResultQuerySet:
    """The other runs over a result's photo, among those results."""
    return seen.filter(photo_id=result.photo_id).exclude(pk=result.pk)
