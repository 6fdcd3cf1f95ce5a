"""Stored files as downloads: never rendered again, checked against their SHA-256, told apart by it."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from reports import queries
from reports.actions import note_download
from reports.api.base import viewer
from reports.models import Report
from reports.storage import store


def download(request: Request, report: Report, path: str, filename: str) -> HttpResponseBase:
    """304 for a client that has these bytes; who took others is on record.

    Raises NotFound, or FilesDiffer when the storage was tampered with.
    """
    artifact = queries.artifact(report, path)
    etag = f'"{artifact.sha256}"'
    response = get_conditional_response(request._request, etag=etag)
    if response is None:
        response = HttpResponse(store().get(artifact.sha256), content_type=_content_type(artifact.media_type))
        response["Content-Disposition"] = content_disposition_header(True, filename) or ""
        if request.method == "GET":
            note_download(viewer(request), artifact)
    response["ETag"] = etag
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
