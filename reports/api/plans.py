"""Analysis plans, public before the results are: each with the hash that reports print."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import queries
from reports.api.base import ApiView, address
from reports.plan import Plan


class TextsField(serializers.DictField):
    """Language -> text."""

    child = serializers.CharField()


class PlanSerializer(serializers.Serializer[Plan]):
    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    version = serializers.CharField()
    sha256 = serializers.CharField(source="digest")
    instrument = serializers.CharField()
    title = TextsField()
    planned_on = serializers.DateField()

    def get_url(self, plan: Plan) -> str:
        return address(self.context["request"], "plan", plan.name)


class PlannedTableSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    section = serializers.CharField()
    variables = serializers.ListField(child=serializers.CharField())
    headline = serializers.BooleanField()
    added_on = serializers.DateField(allow_null=True, help_text="Null: it was planned from the beginning.")


class SectionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = TextsField()
    note = TextsField(help_text="Empty where there is none.")


class WholePlanSerializer(PlanSerializer):
    limits = TextsField(help_text="What the numbers cannot say.")
    sections = SectionSerializer(many=True)
    tables = PlannedTableSerializer(many=True)


class Plans(ApiView):
    @extend_schema(operation_id="list_plans", responses=PlanSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All analysis plans."""
        return self.page([queries.plan(name) for name in queries.plan_names()], PlanSerializer)


class OnePlan(ApiView):
    @extend_schema(operation_id="read_plan", responses=WholePlanSerializer)
    def get(self, request: Request, name: str) -> Response:
        """A plan with its sections and tables."""
        return Response(self.show(WholePlanSerializer, queries.plan(name)))
