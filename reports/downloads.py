"""Stored files as downloads: sent in pieces from the storage, checked against their SHA-256, told apart by it."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from accounts.models import User
from reports.actions import note_download
from reports.models import Artifact
from reports.storage import store


def download(request: HttpRequest, user: User, artifact: Artifact, filename: str) -> HttpResponseBase:
    """To be saved, never to be run by a browser. 304 for a client that has these bytes; who took others is on record.

    Raises FilesDiffer when the storage was tampered with.
    """
    etag = f'"{artifact.sha256}"'
    known = get_conditional_response(request, etag=etag)
    response: HttpResponseBase = _sent(request, artifact) if known is None else known
    if known is None:
        response["Content-Type"] = _content_type(artifact.media_type)
        response["Content-Length"] = str(artifact.size)
        response["Content-Disposition"] = content_disposition_header(True, filename) or ""
        response["X-Content-Type-Options"] = "nosniff"
        if request.method == "GET":
            note_download(user, artifact)
    response["ETag"] = etag
    return response


def _sent(request: HttpRequest, artifact: Artifact) -> HttpResponseBase:
    pieces = store().pieces(artifact.sha256)
    return HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(pieces)


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
