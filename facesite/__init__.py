"""The Django project: settings, URLs and middleware."""
