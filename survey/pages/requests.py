"""Reading what a client sends. Anything may arrive here; a person reads the page that answers."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

LARGEST_POST = 256 * 1024
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

type Fields = Mapping[str, Sequence[str]]


class Refused(Exception):
    """The request cannot be read as a form. `status` is 400, 411, 413 or 415."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_fields(request: HttpRequest) -> dict[str, list[str]]:
    """Field name -> values. Raises Refused. Files are not looked at."""
    if request.content_type not in FORM_TYPES:
        raise Refused(415)
    if "Transfer-Encoding" in request.headers:
        raise Refused(411)  # Django reads as many bytes as were announced: it would judge an empty form
    if _announced_length(request) > LARGEST_POST:
        raise Refused(413)
    try:
        if _is_cut_off(request):
            raise Refused(400)
        return {name: [str(value) for value in values] for name, values in request.POST.lists()}
    except RequestDataTooBig:
        raise Refused(413) from None
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError, UnicodeError):
        raise Refused(400) from None


def _is_cut_off(request: HttpRequest) -> bool:
    """A form in parts without its last line. Django takes what has come for all of it."""
    boundary = (request.content_params or {}).get("boundary", "").encode()
    return request.content_type == FORM_TYPES[1] and b"--" + boundary + b"--" not in request.body


def _announced_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")
