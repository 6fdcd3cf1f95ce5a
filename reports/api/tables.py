"""The tables of a release: as JSON with labels in every language, or as the CSV that was reviewed."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from reports import queries
from reports.api.base import ApiView, address
from reports.api.codebooks import CodeField
from reports.api.files import download
from reports.api.formats import AsStored, CsvRenderer, CsvUnlessAsked
from reports.api.plans import TextsField
from reports.api.releases import readable
from reports.errors import Invalid, NotFound
from reports.models import Report

BARS = "bars"
KINDS = [BARS, "likert", "forest", "timeline"]

CSV = {(200, "text/csv"): OpenApiTypes.STR}
LANGUAGE = OpenApiParameter("language", str, description="Of the CSV; without: the first language of the report.")


class TableVariableSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField()
    item = serializers.CharField()
    kind = serializers.CharField()
    title = TextsField()
    question = TextsField()


class CategorySerializer(serializers.Serializer[dict[str, Any]]):
    codes = serializers.ListField(child=CodeField())
    label = TextsField()  # type: ignore[assignment]


class CellSerializer(serializers.Serializer[dict[str, Any]]):
    count = serializers.IntegerField(allow_null=True, help_text="To the nearest 5. Null: it is not shown.")
    base = serializers.IntegerField(
        allow_null=True, help_text="What the percentage is of; in a table of two questions its column."
    )
    about = serializers.BooleanField(help_text="The base is small: the percentage is approximate.")
    percent = serializers.IntegerField(allow_null=True)
    lower = serializers.IntegerField(allow_null=True)
    upper = serializers.IntegerField(allow_null=True)


class TableSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    url = serializers.SerializerMethodField()
    csv = serializers.SerializerMethodField()
    section = serializers.CharField()
    variables = TableVariableSerializer(many=True)
    headline = serializers.BooleanField()
    planned_on = serializers.DateField(allow_null=True)
    added_on = serializers.DateField(allow_null=True)
    visible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is coarser, or not shown.")
    categories = serializers.ListField(child=CategorySerializer(many=True), help_text="One list per variable.")
    cells = CellSerializer(many=True, help_text="Row by row.")
    base = serializers.IntegerField(allow_null=True)
    about = serializers.BooleanField(help_text="The base is small: percentages are approximate.")
    no_answer = serializers.IntegerField(allow_null=True)
    not_asked = serializers.IntegerField(allow_null=True)
    notes = serializers.ListField(child=TextsField())

    def get_url(self, table: dict[str, Any]) -> str:
        return self._address("table", table)

    def get_csv(self, table: dict[str, Any]) -> str:
        return self._address("table-csv", table)

    def _address(self, name: str, table: dict[str, Any]) -> str:
        return address(self.context["request"], name, self.context["view"].kwargs["slug"], table["id"])


class ColumnSerializer(serializers.Serializer[dict[str, Any]]):
    key = serializers.CharField()
    label = TextsField()  # type: ignore[assignment]
    decimals = serializers.IntegerField(allow_null=True, help_text="Null: those of the row.")


class RowSerializer(serializers.Serializer[dict[str, Any]]):
    label = TextsField()  # type: ignore[assignment]
    name = serializers.CharField(help_text="The scale or variable.")
    codes = serializers.CharField(allow_blank=True, help_text="Of the group, separated by spaces.")
    decimals = serializers.IntegerField()
    values = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        help_text="By key of the column. Null: it is not shown; absent: it does not apply.",
    )


class StatisticSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    csv = serializers.SerializerMethodField()
    section = serializers.CharField()
    title = TextsField()
    question = TextsField(allow_null=True)
    by = serializers.CharField(allow_null=True, help_text="The variable whose categories are the groups.")
    columns = ColumnSerializer(many=True)
    rows = RowSerializer(many=True)
    notes = serializers.ListField(child=TextsField())

    def get_csv(self, table: dict[str, Any]) -> str:
        return address(self.context["request"], "table-csv", self.context["view"].kwargs["slug"], table["id"])


class Statistics(ApiView):
    @extend_schema(operation_id="list_statistics", responses=StatisticSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Means, reliability, trends, odds ratios and item functioning of a release, table by table."""
        return self.page(queries.document(readable(request, slug)).get("statistics", []), StatisticSerializer)


class FigureSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    tables = serializers.ListField(child=serializers.CharField(), help_text="The tables that it is drawn from.")
    title = TextsField()
    alt = TextsField(help_text="What is to be seen, in words.")
    svg = serializers.SerializerMethodField(help_text="Language -> address of the drawing.")

    @extend_schema_field(serializers.DictField(child=serializers.URLField()))
    def get_svg(self, figure: dict[str, Any]) -> dict[str, str]:
        request, slug = self.context["request"], self.context["view"].kwargs["slug"]
        return {
            language: address(request, "file", slug, f"figures/{language}/{figure['id']}.svg")
            for language in figure["title"]
        }


class Figures(ApiView):
    @extend_schema(operation_id="list_figures", responses=FigureSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All figures of a release, with what they show in words."""
        document = queries.document(readable(request, slug))
        bars = ({**figure, "kind": BARS} for figure in document["figures"])
        return self.page([*bars, *document.get("pictures", [])], FigureSerializer)


class Tables(ApiView):
    @extend_schema(operation_id="list_tables", responses=TableSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All tables of a release, those that are not shown too."""
        return self.page(queries.document(readable(request, slug))["tables"], TableSerializer)


class OneTable(ApiView):
    renderer_classes = [JSONRenderer, CsvRenderer]  # noqa: RUF012
    content_negotiation_class = CsvUnlessAsked

    @extend_schema(
        operation_id="read_table",
        parameters=[LANGUAGE],
        responses={(200, "application/json"): TableSerializer, **CSV},
    )
    def get(self, request: Request, slug: str, table_id: str) -> HttpResponseBase:
        """One table. Without `Accept` (pandas sends none) it is CSV, else what `Accept` or `format` say."""
        report = readable(request, slug)
        if request.accepted_renderer.format == CsvRenderer.format:
            return _csv(request, report, table_id)
        return Response(self.show(TableSerializer, _table(report, table_id)))


class TableCsv(ApiView):
    content_negotiation_class = AsStored

    @extend_schema(operation_id="download_table", parameters=[LANGUAGE], responses=CSV)
    def get(self, request: Request, slug: str, table_id: str) -> HttpResponseBase:
        """One table as CSV, UTF-8 with BOM, byte for byte as in the bundle."""
        return _csv(request, readable(request, slug), table_id)


def _table(report: Report, table_id: str) -> dict[str, Any]:
    for table in queries.document(report)["tables"]:
        if table["id"] == table_id:
            found: dict[str, Any] = table
            return found
    raise NotFound(f"There is no table {table_id!r}.")


def _csv_of(report: Report, table_id: str) -> str:
    """The name of a table's file: of counts or of statistics."""
    if any(one["id"] == table_id for one in queries.document(report).get("statistics", [])):
        return table_id
    return str(_table(report, table_id)["id"])


def _csv(request: Request, report: Report, table_id: str) -> HttpResponseBase:
    known = queries.document(report)["languages"]
    language = request.query_params.get("language", known[0])
    if language not in known:
        raise Invalid(f"There are no tables in {language!r}.", language=known)
    name = _csv_of(report, table_id)
    return download(request, report, f"tables/{language}/{name}.csv", f"{report.name}-{table_id}-{language}.csv")
