"""Codebooks: variables, codes, labels and how categories may be joined, in one language at a time."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.base import ApiView
from reports.api.formats import CsvRenderer
from reports.errors import Invalid
from reports.render import Reader, reader
from reports.render.csvfile import write
from reports.render.labels import joined
from survey.instrument.codebook import COLUMNS, Category, Codebook, Variable, describe
from survey.queries import catalogue, codebook, languages_of, load

LANGUAGE = "en"


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class CodeField(serializers.Field[Any, Any, Any, Any]):
    """An answer as it is stored: a number, for languages and the like a word."""

    def to_representation(self, value: int | str) -> int | str:
        return value


class CodeSerializer(serializers.Serializer[dict[str, Any]]):
    code = CodeField()
    label = serializers.CharField()  # type: ignore[assignment]


class JoinedSerializer(serializers.Serializer[dict[str, Any]]):
    codes = serializers.ListField(child=CodeField())
    label = serializers.CharField()  # type: ignore[assignment]


class VariableSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField()
    item = serializers.CharField(help_text="The question that it belongs to.")
    kind = serializers.ChoiceField(["S", "M", "X", "N", "D"])
    position = serializers.IntegerField(allow_null=True, help_text="Null: it leaves the response when it is sealed.")
    sensitive = serializers.BooleanField()
    tabulated = serializers.BooleanField()
    scale = serializers.CharField(allow_null=True)
    question = serializers.CharField()
    text = serializers.CharField(help_text="The question, or the option or row that the variable stands for.")
    codes = CodeSerializer(many=True)
    levels = serializers.ListField(
        child=JoinedSerializer(many=True),
        help_text="Categories from each code alone to the coarsest, then other ways to split in two.",
    )


class CodebookSerializer(serializers.Serializer[dict[str, Any]]):
    instrument = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the instrument.")
    language = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    variables = VariableSerializer(many=True)


class OneCodebook(ApiView):
    renderer_classes = [JSONRenderer, CsvRenderer]  # noqa: RUF012

    @extend_schema(
        operation_id="read_codebook",
        parameters=[OpenApiParameter("language", str, description="Of texts and labels; without: English.")],
        responses={(200, "application/json"): CodebookSerializer, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, instrument: str) -> Response:
        """The codebook of an instrument. As CSV it has one row per code."""
        book = codebook(instrument)
        language = _language(request, instrument)
        read = reader(load(instrument), catalogue(instrument, language))
        if request.accepted_renderer.format == CsvRenderer.format:
            return Response(write(COLUMNS, describe(book, read)), content_type="text/csv; charset=utf-8")
        return Response(self.show(CodebookSerializer, _shown(book, language, read)))


def _language(request: Request, instrument: str) -> str:
    language: str = request.query_params.get("language", LANGUAGE)
    known = languages_of(instrument)
    if language not in known:
        raise Invalid(f"There are no texts in {language!r}.", language=known)
    return language


def _shown(book: Codebook, language: str, read: Reader) -> dict[str, Any]:
    return {
        "instrument": book.instrument,
        "version": book.version,
        "sha256": load(book.instrument).digest,
        "language": language,
        "languages": languages_of(book.instrument),
        "variables": [_variable(variable, language, read) for variable in book.variables],
    }


def _variable(variable: Variable, language: str, read: Reader) -> dict[str, Any]:
    return {
        "name": variable.name,
        "item": variable.item,
        "kind": variable.kind,
        "position": variable.position,
        "sensitive": variable.sens,
        "tabulated": variable.tabulated,
        "scale": variable.scale,
        "question": read(variable.item_text),
        "text": read(variable.text),
        "codes": [
            {"code": code, "label": read(label)}
            for code, label in zip(variable.codes, variable.option_texts, strict=True)
        ],
        "levels": [
            [_category(variable, category, language, read) for category in grid.categories] for grid in variable.levels
        ],
    }


def _category(variable: Variable, category: Category, language: str, read: Reader) -> dict[str, Any]:
    return {
        "codes": [variable.codes[index] for index in category.indexes],
        "label": joined({language: read}, category.labels)[language],
    }
