"""Addresses of everything that is made from answers."""

from django.urls import include, path

urlpatterns = [
    path("", include("reports.pages.urls")),
    path("api/v1/", include("reports.api.urls")),
]
