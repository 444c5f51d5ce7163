"""Where each address leads: the pages, and the two questions of whoever watches the site."""

from django.urls import include, path

from landmarks.web import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("landmarks.api.urls")),
    path("", include("landmarks.web.urls")),
]

handler400 = "facesite.edge.bad_request"
handler403 = "facesite.edge.forbidden"
handler404 = "facesite.edge.not_found"
handler500 = "facesite.edge.failed"
