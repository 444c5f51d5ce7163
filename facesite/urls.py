"""Addresses: health checks, the API and the pages."""

from django.urls import include, path

from landmarks.http import health, metrics

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.show, name="metrics"),
    path("", include("landmarks.api.urls")),
    path("", include("landmarks.web.urls")),
]

handler400 = "facesite.error_views.bad_request"
handler403 = "facesite.error_views.forbidden"
handler404 = "facesite.error_views.not_found"
handler500 = "facesite.error_views.failed"
