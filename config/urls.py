from django.contrib import admin
from django.urls import include, path

from config import health, metrics

handler404 = "survey.pages.missing.missing"

urlpatterns = [
    path("admin/", include("survey.staff.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
    path("", include("reports.urls")),
    path("", include("survey.pages.urls")),
]
