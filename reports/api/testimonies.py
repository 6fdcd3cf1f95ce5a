"""What people wrote, as far as a release quotes it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import queries
from reports.api.base import ApiView
from reports.api.plans import TextsField
from reports.api.releases import readable
from reports.errors import NotFound


class CountedSerializer(serializers.Serializer[dict[str, Any]]):
    codes = serializers.ListField(help_text="Of the variable, as in the codebook.")
    label = TextsField()  # type: ignore[assignment]
    count = serializers.IntegerField(allow_null=True, help_text="To the nearest 5. Null: it is not shown.")


class CountsSerializer(serializers.Serializer[dict[str, Any]]):
    by = serializers.CharField(help_text="The variable: consent (`tst_use`) or language (`lang`).")
    title = TextsField()
    rows = CountedSerializer(many=True)


class QuoteSerializer(serializers.Serializer[dict[str, Any]]):
    use = serializers.IntegerField(help_text="What its writer allowed: 3 word for word, 2 only rephrased.")
    language = serializers.CharField(allow_null=True, help_text="The original's, where it may be named.")
    group = serializers.IntegerField(allow_null=True, help_text="Code of `role_group`, where it may be printed.")
    questions = serializers.DictField(child=TextsField(), help_text="By name of the question.")
    words = serializers.DictField(
        child=TextsField(), help_text="Language of the report -> question -> text, moderated and perhaps translated."
    )
    original = TextsField(allow_null=True, help_text="Question -> text, where its language may be named.")


class TestimoniesSerializer(serializers.Serializer[dict[str, Any]]):
    moderated = serializers.BooleanField(help_text="If not, the release neither counts nor quotes texts.")
    total = serializers.IntegerField(allow_null=True, help_text="To the nearest 5. Null: it is not shown.")
    counts = CountsSerializer(many=True)
    quotes = QuoteSerializer(many=True, help_text="By consent level, in an order that says nothing.")


class Testimonies(ApiView):
    @extend_schema(operation_id="read_testimonies", responses=TestimoniesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What people wrote, moderated: how many texts there are, and those that may be quoted."""
        found = queries.document(readable(request, slug)).get("testimonies")
        if found is None:
            raise NotFound("This release has no part for what people wrote.")
        return Response(self.show(TestimoniesSerializer, found))
