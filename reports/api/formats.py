"""JSON or CSV: what a client may send and ask for, and what it gets when it does not say."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

type Chosen = tuple[BaseRenderer, str]


class Json(JSONParser):
    """JSON whose nesting Python can follow."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None


class CsvRenderer(BaseRenderer):
    """For bytes that are CSV already."""

    media_type = "text/csv"
    format = "csv"

    def render(
        self, data: bytes, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return data


class CsvUnlessAsked(DefaultContentNegotiation):
    """CSV for a client that says nothing, as Python's urllib and so pandas do; else as it asks, JSON for `*/*`.

    So `pandas.read_csv` reads the address of a table as it stands.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Chosen:
        if "Accept" not in request.headers and "format" not in request.query_params:
            format_suffix = CsvRenderer.format
        chosen: Chosen = super().select_renderer(request, renderers, format_suffix)
        return chosen


class AsStored(DefaultContentNegotiation):
    """The address names a file: it is sent as it is stored, whatever the client would rather have."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Chosen:
        first = next(iter(renderers))
        return first, first.media_type
