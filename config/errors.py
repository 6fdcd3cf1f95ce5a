"""Domain errors become answers here: one shape in the API, one plain page elsewhere."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from survey.errors import DomainError


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """`{"code", "message", "fields"}` for every refusal."""
    if isinstance(error, DomainError):
        return Response({"code": error.code, "message": error.message, "fields": error.fields}, status=error.status)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _shape(_as_api_exception(error), response.data)
    return response


def _as_api_exception(error: Exception) -> exceptions.APIException:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    assert isinstance(error, exceptions.APIException)
    return error


def _shape(error: exceptions.APIException, data: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = data if isinstance(data, dict) else {"non_field_errors": data}
        return {"code": "invalid", "message": str(error.default_detail), "fields": fields}
    return {"code": error.get_codes(), "message": str(error.detail), "fields": {}}
