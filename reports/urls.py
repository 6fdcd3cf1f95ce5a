"""Addresses of everything that is made from answers."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("reports.api.urls")),
]
