"""Surveys with their waves. How many answered is rounded where it is counted: see `survey.queries.waves`."""

from collections import defaultdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.api.base import ApiView, address
from survey.enums import Mode, WaveState
from survey.queries import SurveyFacts, WaveFacts, all_surveys, languages_of, survey_facts, waves_for_staff


class WaveSerializer(serializers.Serializer[WaveFacts]):
    number = serializers.IntegerField()
    state = serializers.ChoiceField([*WaveState])
    languages = serializers.ListField(child=serializers.CharField())
    seal_on = serializers.DateField(help_text="Announced to respondents; never moved earlier.")
    responses = serializers.IntegerField(allow_null=True, help_text="Of a sealed wave, to the nearest 5.")
    attendance = serializers.CharField(allow_null=True, help_text="Of an open or closed wave: a band.")


class SurveySerializer(serializers.Serializer[dict[str, Any]]):
    slug = serializers.SlugField()
    url = serializers.URLField()
    title = serializers.CharField()
    mode = serializers.ChoiceField([*Mode])
    instrument = serializers.CharField()
    version = serializers.CharField(help_text="Of the instrument.")
    codebook = serializers.URLField()
    languages = serializers.ListField(child=serializers.CharField(), help_text="The instrument's, complete ones.")
    waves = WaveSerializer(many=True)


class Surveys(ApiView):
    @extend_schema(operation_id="list_surveys", responses=SurveySerializer(many=True))
    def get(self, request: Request) -> Response:
        """All surveys with their waves."""
        waves = defaultdict(list)
        for wave in waves_for_staff():
            waves[wave.survey_slug].append(wave)
        return self.page([_shown(request, one, waves[one.slug]) for one in all_surveys()], SurveySerializer)


class OneSurvey(ApiView):
    @extend_schema(operation_id="read_survey", responses=SurveySerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One survey with its waves."""
        shown = _shown(request, survey_facts(slug), waves_for_staff(slug))
        return Response(self.show(SurveySerializer, shown))


def _shown(request: Request, survey: SurveyFacts, waves: list[WaveFacts]) -> dict[str, Any]:
    return {
        "slug": survey.slug,
        "url": address(request, "survey", survey.slug),
        "title": survey.title,
        "mode": Mode.REHEARSAL if survey.is_rehearsal else Mode.LIVE,
        "instrument": survey.instrument,
        "version": survey.version,
        "codebook": address(request, "codebook", survey.instrument),
        "languages": languages_of(survey.instrument),
        "waves": waves,
    }
