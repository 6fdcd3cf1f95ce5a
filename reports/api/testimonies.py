"""What people wrote: as far as a release quotes it, and, for the researchers of a study, all that was moderated."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from reports import queries
from reports.api.base import ApiView, viewer
from reports.api.plans import TextsField
from reports.api.releases import readable
from reports.errors import Invalid, NotFound
from survey import moderation
from survey.enums import ProposalKind

PAGE = OpenApiParameter("page", int, description="From 1; each has up to ten texts.")
_NUMBER = re.compile("[1-9][0-9]{0,4}")


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


class ModeratedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Random, and of this text alone: no answer has it.")
    wave = serializers.IntegerField()
    language = serializers.CharField()
    use = serializers.IntegerField(help_text="What its writer allowed: 1 to be read, 2 rephrased, 3 word for word.")
    tag = serializers.IntegerField(
        allow_null=True, help_text="What may be printed beside it: 1 nothing, 2 language, 3 group."
    )
    kind = serializers.ChoiceField([*ProposalKind.with_words()])
    words = serializers.DictField(child=serializers.CharField(), help_text="Question -> text, in its own language.")
    translations = serializers.DictField(child=TextsField(), help_text="Language -> question -> text.")


class ModeratedPageSerializer(serializers.Serializer[moderation.Page]):
    number = serializers.IntegerField()
    has_more = serializers.BooleanField()
    texts = ModeratedSerializer(many=True)


class ModeratedTexts(ApiView):
    # More than a token for releases was ever meant to open.
    reading = Scope.TEXTS

    @extend_schema(operation_id="read_moderated_texts", parameters=[PAGE], responses=ModeratedPageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What two reviewers have moderated, for the study's own researchers. That a text was read is recorded."""
        asked = request.query_params.get("page", "1")
        if not _NUMBER.fullmatch(asked):
            raise Invalid("There is no such page.")
        return Response(
            self.show(ModeratedPageSerializer, moderation.read_moderated(viewer(request), slug, int(asked)))
        )
