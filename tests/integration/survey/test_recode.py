"""Rebuilding coded columns: the answers stay, and nothing tells which rows had differed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections

from accounts.models import AuditEntry
from survey import actions
from survey.errors import WrongState
from survey.instrument.codebook import encode
from survey.models import Response
from survey.queries import codebook_of
from tests.cast import SHELL
from tests.integration.survey.test_seal import filled_wave, system_columns


def sealed(people=6):
    wave, _ = filled_wave(people)
    actions.seal_wave(SHELL, wave)
    return wave


def spoil(how_many):
    """Codes as an older codebook may have made them."""
    keys = [row.pk for row in Response.objects.order_by("pk")[:how_many]]
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE survey_response SET codes = '\\x0102', width = 2 WHERE id = ANY(%s)", [keys])


def test_codes_are_made_from_the_answers_again(own_database):
    wave = sealed()
    before = {row.pk: (row.answers, bytes(row.codes)) for row in Response.objects.all()}
    spoil(2)
    assert actions.recode(SHELL, wave.survey) == {1: 2}
    assert {row.pk: (row.answers, bytes(row.codes)) for row in Response.objects.all()} == before
    assert all(bytes(row.codes) == encode(codebook_of(wave.survey), row.answers) for row in Response.objects.all())


def test_nothing_tells_which_rows_had_differed(own_database):
    wave = sealed()
    spoil(1)
    actions.recode(SHELL, wave.survey)
    assert len(set(system_columns("survey_response", "xmin", "cmin", "xmax"))) == 1


def test_a_wave_that_is_as_it_should_be_is_left_alone(own_database):
    wave = sealed()
    before = system_columns("survey_response", "xmin", "ctid")
    assert actions.recode(SHELL, wave.survey) == {1: 0}
    assert system_columns("survey_response", "xmin", "ctid") == before
    assert not AuditEntry.objects.filter(action="wave.recoded").exists()


def test_answers_that_cannot_be_encoded_change_nothing(own_database):
    wave = sealed()
    spoil(1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE survey_response DISABLE TRIGGER response_guard")
        cursor.execute("UPDATE survey_response SET answers = answers - 'mdl'")
        cursor.execute("ALTER TABLE survey_response ENABLE TRIGGER response_guard")
    before = system_columns("survey_response", "xmin", "codes")
    with pytest.raises(WrongState, match="mdl"):
        actions.recode(SHELL, wave.survey)
    assert system_columns("survey_response", "xmin", "codes") == before


def test_the_command_says_what_it_did(own_database):
    wave = sealed()
    spoil(3)
    out = StringIO()
    call_command("recode", wave.survey.slug, stdout=out)
    call_command("recode", stdout=out)
    slug = wave.survey.slug
    assert out.getvalue() == f"{slug}/1: 3 rows differed, all rewritten\n{slug}/1: as it should be\n"
    with pytest.raises(CommandError, match="no survey 'nothing'"):
        call_command("recode", "nothing")


def test_the_application_itself_may_not(own_database):
    sealed()
    with pytest.raises(DatabaseError, match="immutable"), connection.cursor() as cursor:
        cursor.execute("UPDATE survey_response SET codes = codes")
