"""Where a reader of the API begins: the list of addresses, the OpenAPI document, a page that shows it; and its end."""

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.base import ApiView, address
from reports.errors import NotFound

LISTS = ("surveys", "plans", "releases", "reports", "tokens")
DESCRIPTIONS = ("schema", "docs")


class EntranceSerializer(serializers.Serializer[Any]):
    surveys = serializers.URLField()
    plans = serializers.URLField()
    releases = serializers.URLField()
    reports = serializers.URLField()
    tokens = serializers.URLField()
    schema = serializers.URLField()
    docs = serializers.URLField()


class Entrance(ApiView):
    @extend_schema(operation_id="read_addresses", responses=EntranceSerializer, tags=["addresses"])
    def get(self, request: Request) -> Response:
        """The addresses to begin with."""
        return Response({name: address(request, name) for name in (*LISTS, *DESCRIPTIONS)})


class Nowhere(ApiView):
    """Every other address: a refusal of the same shape as all others."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound("There is nothing at this address.")


class Schema(SpectacularAPIView):
    authentication_classes = ()
    http_method_names = ("get", "head")


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files, without inline script or style: the content security policy has none."""

    authentication_classes = ()
    http_method_names = ("get", "head")
    url_name = "api-schema"
    template_name = "reports/api/docs.html"
