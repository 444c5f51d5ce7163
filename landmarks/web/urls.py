"""Addresses of the pages."""

from django.urls import path

from landmarks.web.views import (
    atlas,
    bulk,
    compare,
    engines,
    exports,
    files,
    forget,
    measures,
    results,
    signed_files,
    submit,
)

app_name = "landmarks"
urlpatterns = [
    path("", submit.submit, name="submit"),
    path("results/", results.result_list, name="result-list"),
    path("results/forget", forget.forget_browser, name="forget-browser"),
    path("results/<uuid:id>/", results.result_detail, name="result-detail"),
    path("results/<uuid:id>/photo", files.result_photo, name="result-photo"),
    path("results/<uuid:id>/thumbnail", files.result_thumbnail, name="result-thumbnail"),
    path("results/<uuid:id>/overlay.png", files.result_overlay_png, name="result-overlay-png"),
    path("results/<uuid:id>/overlay.svg", files.result_overlay_svg, name="result-overlay-svg"),
    path("results/<uuid:id>/export/<str:format_name>", exports.result_export, name="result-export"),
    path("results/<uuid:id>/measures/", measures.result_measures, name="result-measures"),
    path("results/<uuid:id>/measures.csv", measures.measures_csv, name="measures-csv"),
    path("results/<uuid:id>/measures.json", measures.measures_json, name="measures-json"),
    path("results/<uuid:id>/delete", bulk.result_delete, name="result-delete"),
    path("results/<uuid:id>/restore", bulk.result_restore, name="result-restore"),
    path("results/delete", bulk.results_delete, name="results-delete"),
    path("results/restore", bulk.results_restore, name="results-restore"),
    path("results/export/<str:format_name>", exports.results_export, name="results-export"),
    path("results/export", exports.results_export_chosen, name="results-export-chosen"),
    path("results/save", exports.results_save, name="results-save"),
    path("results/<uuid:id>/export", exports.result_export_chosen, name="result-export-chosen"),
    path("results/<uuid:id>/save", exports.result_save, name="result-save"),
    path("results/<uuid:id>/describe", results.result_describe, name="result-describe"),
    path("results/<uuid:id>/again", compare.result_again, name="result-again"),
    path("results/<uuid:id>/compare/<uuid:other>/", compare.result_compare, name="result-compare"),
    path("engines/", engines.engines, name="engines"),
    path("atlas/", atlas.atlas, name="atlas"),
    path("atlas/points.svg", atlas.atlas_svg, name="atlas-svg"),
    path("atlas/points.json", atlas.atlas_json, name="atlas-json"),
    path("handover/<str:signed>.jpg", signed_files.temporary_file, {"store": "handover"}, name="handover"),
    path("uploads/<str:signed>.jpg", signed_files.temporary_file, {"store": "uploads"}, name="uploads"),
]
