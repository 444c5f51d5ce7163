"""What the tests of the result page share: its HTML, and the overlays and figures in it."""

import re

from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from landmarks.models import Result


def page_of(client: Client, result: Result, query: str = "") -> str:
    response = client.get(reverse("landmarks:result-detail", args=[result.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def overlays(page: str) -> list[str]:
    """The overlay of the whole photo, then that of the close-up."""
    return re.findall(r'<svg class="overlay".*?</svg>', page, re.DOTALL)


def figure(page: str, label: str) -> str:
    found = re.search(rf"<dt[^>]*>\s*{label}\s*<span.*?</span>\s*</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    assert found
    return " ".join(strip_tags(found[1]).split())
