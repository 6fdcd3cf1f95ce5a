"""Stored files of a report under the addresses of the API."""

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from reports import downloads, queries
from reports.api.base import viewer
from reports.models import Report


def download(request: Request, report: Report, path: str, filename: str) -> HttpResponseBase:
    """Raises NotFound, or FilesDiffer when the storage was tampered with."""
    return downloads.download(request._request, viewer(request), queries.artifact(report, path), filename)
