"""What the OpenAPI document says beyond the serializers: how to log in, and what a refusal looks like."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="For programs; stays the same.")
    message = serializers.CharField(help_text="For people, as pages show it.")
    fields = serializers.DictField(help_text="What was wrong with which field of the request.")  # type: ignore[assignment]


class Described(AutoSchema):
    """Every operation may refuse; the shape is always the same."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            refusal = self.resolve_serializer(RefusalSerializer, "response").ref
            operation["responses"]["default"] = {
                "description": "Refused.",
                "content": {"application/json": {"schema": refusal}},
            }
        return operation


class Session(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.LoggedIn"


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made on the page of your tokens."}
