"""What all operations have in common: who may come in, how refusals look, how long lists are cut."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework import status
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from accounts.enums import Scope
from accounts.models import User
from reports.api.formats import Json
from reports.api.schema import Described
from reports.permissions import can_read_releases


class AnyRole(BasePermission):
    """Everybody with a role. What else an operation asks for, it checks first, with the sentence that pages show."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_read_releases(request.user)


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class ApiView(APIView):
    permission_classes = [AnyRole, WithinScope]  # noqa: RUF012  (typed so by the framework)
    reading = Scope.READ
    """What a token needs to read this."""
    scope: Scope | None = None
    """What a token needs for operations that change something; without one, no token is enough."""
    parser_classes = [Json]  # noqa: RUF012
    pagination_class = Pages
    http_method_names = ["get", "head", "post", "delete"]  # noqa: RUF012
    schema = Described()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(response, "exception", False):
            # A refusal is JSON, also where the answer would have been CSV.
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        # Asked again every time: what was retracted must not come out of a browser's store.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        final = super().finalize_response(request, response, *args, **kwargs)
        was_read = request.method in ("GET", "HEAD") and final.status_code == status.HTTP_200_OK
        if was_read and isinstance(final, Response):
            final.add_post_render_callback(partial(_unless_known, request))
        return final

    def page(self, rows: QuerySet[Any] | Sequence[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """The rows that `page` and `page_size` of the address ask for."""
        pages = self.pagination_class()
        chosen = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(self.show(serializer, chosen, many=True))

    def show(self, serializer: type[BaseSerializer[Any]], what: Any, many: bool = False) -> Any:
        return serializer(what, many=many, context={"request": self.request, "view": self}).data

    def sent(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The body of the request, checked. Raises ValidationError with the fields that are wrong."""
        body = serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


def _unless_known(request: Request, response: HttpResponse) -> HttpResponseBase | None:
    """304 for a client that has these bytes already. Files carry the SHA-256 of their own (see `files`)."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request._request, etag=etag, response=response)


def viewer(request: Request) -> User:
    """Who asks; operations that need a role have somebody."""
    assert isinstance(request.user, User)
    return request.user


def address(request: Request, name: str, *args: object) -> str:
    """The full address of an operation of this API."""
    return str(reverse(f"api-{name}", args=args, request=request))
