"""Addresses of the pages."""

from django.urls import path

from landmarks.web import atlas, describe, handover, second_look, selection, submission, views

app_name = "landmarks"
urlpatterns = [
    path("", submission.submit, name="submit"),
    path("results/", views.result_list, name="result-list"),
    path("results/<uuid:id>/", views.result_detail, name="result-detail"),
    path("results/<uuid:id>/photo", views.result_photo, name="result-photo"),
    path("results/<uuid:id>/thumbnail", views.result_thumbnail, name="result-thumbnail"),
    path("results/<uuid:id>/overlay.png", views.result_overlay_png, name="result-overlay-png"),
    path("results/<uuid:id>/overlay.svg", views.result_overlay_svg, name="result-overlay-svg"),
    path("results/<uuid:id>/export/<str:format_name>", views.result_export, name="result-export"),
    path("results/<uuid:id>/delete", selection.result_delete, name="result-delete"),
    path("results/<uuid:id>/restore", selection.result_restore, name="result-restore"),
    path("results/delete", selection.results_delete, name="results-delete"),
    path("results/restore", selection.results_restore, name="results-restore"),
    path("results/export/<str:format_name>", selection.results_export, name="results-export"),
    path("results/<uuid:id>/describe", describe.result_describe, name="result-describe"),
    path("results/<uuid:id>/again", second_look.result_again, name="result-again"),
    path("results/<uuid:id>/compare/<uuid:other>/", second_look.result_compare, name="result-compare"),
    path("atlas/", atlas.atlas, name="atlas"),
    path("atlas/points.svg", atlas.atlas_svg, name="atlas-svg"),
    path("atlas/points.json", atlas.atlas_json, name="atlas-json"),
    path("handover/<str:signed>.jpg", handover.give, {"shelf": "handover"}, name="handover"),
    path("uploads/<str:signed>.jpg", handover.give, {"shelf": "uploads"}, name="uploads"),
]
