"""Where each address leads: the pages, and the two questions of whoever watches the site."""

from django.urls import include, path

from landmarks.web import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("landmarks.web.urls")),
]
