"""Keys of reviewers: made, shared, changed, taken away, replaced; and texts from before there were any."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, User
from survey import actions, moderation, receipts
from survey.enums import Mode, WaveState
from survey.errors import Invalid, NoKey, NotAllowed, WrongPassphrase, WrongState
from survey.models import Inbox, ReadingKeyShare, Testimony, Wave
from survey.moderation.unlocking import own_private, reading_private
from survey.queries.keys import active_holders, current_reading_key, inactive_holders
from survey.sealed_texts import passphrases
from tests.cast import SHELL, open_rehearsal, send, submission
from tests.integration.survey.test_seal import as_superuser
from tests.readers import PASSPHRASE, read, readers, reviewer, sent_texts

NEW = "another five words for tonight"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "LOG2_N", 4)
    monkeypatch.setattr(passphrases.lock, "__defaults__", (4,))


def held_by(user: User) -> int:
    return ReadingKeyShare.objects.filter(holder__user=user).count()


@pytest.mark.django_db
def test_a_key_is_made_and_opens_with_its_passphrase_only(cheap: None) -> None:
    user = User.objects.create(email="new@example.org", roles=[Role.REVIEWER])
    moderation.make_own_key(user, NEW)
    assert len(own_private(user, NEW)) == 32
    with pytest.raises(WrongPassphrase):
        own_private(user, PASSPHRASE)


@pytest.mark.django_db
@pytest.mark.parametrize("passphrase", ["", "short", "a" * 30, "abababababababababab"])
def test_a_weak_passphrase_is_refused(cheap: None, passphrase: str) -> None:
    user = User.objects.create(email="new@example.org", roles=[Role.REVIEWER])
    with pytest.raises(Invalid):
        moderation.make_own_key(user, passphrase)
    user.set_password(NEW)
    with pytest.raises(Invalid, match="password"):
        moderation.make_own_key(user, NEW)


@pytest.mark.django_db
def test_only_reviewers_hold_keys(cheap: None) -> None:
    for role in (Role.RESEARCHER, Role.ADMIN):
        user = User.objects.create(email=f"{role}@example.org", roles=[role])
        with pytest.raises(NotAllowed):
            moderation.make_own_key(user, NEW)
        with pytest.raises(NotAllowed):
            moderation.grant(readers(1)[0] if role == Role.RESEARCHER else user, PASSPHRASE, user)


@pytest.mark.django_db
def test_a_changed_passphrase_opens_the_same_key(cheap: None) -> None:
    user, _ = readers()
    key = current_reading_key()
    before = reading_private(user, PASSPHRASE, key)
    with pytest.raises(WrongPassphrase):
        moderation.change_passphrase(user, "wrong", NEW)
    moderation.change_passphrase(user, PASSPHRASE, NEW)
    assert reading_private(user, NEW, key) == before
    with pytest.raises(WrongPassphrase):
        reading_private(user, PASSPHRASE, key)


@pytest.mark.django_db
def test_a_share_is_given_by_who_holds_one_with_the_passphrase() -> None:
    first, _ = readers()
    third, outsider = reviewer("third@example.org"), reviewer("fourth@example.org")
    with pytest.raises(WrongPassphrase):
        moderation.grant(first, "wrong", third)
    with pytest.raises(NoKey):
        moderation.grant(outsider, PASSPHRASE, third)
    assert held_by(third) == 0
    for _ in range(2):
        moderation.grant(first, PASSPHRASE, third)
    assert held_by(third) == 1
    key = current_reading_key()
    assert reading_private(third, PASSPHRASE, key) == reading_private(first, PASSPHRASE, key)


@pytest.mark.django_db
def test_a_share_is_taken_away_but_never_the_last_one() -> None:
    first, second = readers()
    outsider = reviewer("outsider@example.org")
    with pytest.raises(NotAllowed):
        moderation.revoke(outsider, first)
    moderation.revoke(first, second)
    with pytest.raises(NoKey):
        reading_private(second, PASSPHRASE, current_reading_key())
    with pytest.raises(WrongState, match="Nobody else holds"):
        moderation.revoke(first, first)
    assert held_by(first) == 1


@pytest.mark.django_db
def test_an_inactive_colleague_does_not_count_as_another_holder() -> None:
    first, second = readers()
    key = current_reading_key()
    assert key is not None
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert (active_holders(key), inactive_holders(key)) == (1, [second.email])
    with pytest.raises(WrongState, match="Nobody else holds"):
        moderation.revoke(first, first)


@pytest.mark.django_db
def test_a_new_reading_key_is_for_later_waves_and_old_texts_stay_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.actions.sealing.rewrite_stores", lambda *_: None)
    first, second = readers()
    old = current_reading_key()
    earlier = open_rehearsal()
    moderation.revoke(first, second)
    new = moderation.make_reading_key(first)
    send(earlier, mdl="1", tst="Under the old key", tst_use="1")
    actions.close_wave(SHELL, earlier)
    actions.seal_wave(SHELL, earlier)
    later = open_rehearsal()
    assert (earlier.reading_key, later.reading_key) == (old, new)
    text = Testimony.objects.select_related("wave__survey", "wave__reading_key").get()
    assert read(first, text) == {"tst": "Under the old key"}
    assert (held_by(first), held_by(second)) == (2, 0)
    with pytest.raises(NotAllowed, match="holds the reading key"):
        moderation.make_reading_key(second)


@pytest.mark.django_db
def test_who_forgot_the_passphrase_starts_anew_unless_a_live_wave_would_lose_its_texts(cheap: None) -> None:
    first, second = readers()
    moderation.make_own_key(second, NEW)
    assert held_by(second) == 0
    moderation.grant(first, PASSPHRASE, second)
    assert reading_private(second, NEW, current_reading_key())

    wave = open_rehearsal()
    wave.survey.mode = Mode.LIVE
    wave.survey.save()
    moderation.revoke(second, first)
    with pytest.raises(WrongState, match="a key that a live wave needs"):
        moderation.make_own_key(second, PASSPHRASE)
    assert held_by(second) == 1


@pytest.mark.django_db
def test_what_is_done_with_keys_is_recorded_without_a_secret(cheap: None) -> None:
    first, second = readers()
    moderation.change_passphrase(first, PASSPHRASE, NEW)
    moderation.revoke(first, second)
    entries = list(AuditEntry.objects.values_list("action", "detail"))
    assert [action for action, _ in entries] == [
        "reading_key.made", "reading_key.granted", "reviewer_key.passphrase_changed", "reading_key.revoked",
    ]  # fmt: skip
    assert not any(secret in str(entries) for secret in (PASSPHRASE, NEW))


@pytest.mark.django_db
def test_a_key_of_a_wave_is_never_exchanged() -> None:
    readers()
    wave = open_rehearsal()
    with pytest.raises(IntegrityError, match="never changes"):
        Wave.objects.filter(pk=wave.pk).update(reading_key=None)


def old_live_wave(code: str, words: str) -> Wave:
    """As a version without encryption left it: live, open, no key, texts in the document."""
    wave = open_rehearsal("old")
    wave.survey.mode = Mode.LIVE
    wave.survey.save()
    actions.submit(wave.pk, "old", "en", submission(mdl="1", tst=words, tst_use="3", tst_tag="1"), code)
    return wave


def test_an_open_wave_of_an_earlier_version_keeps_its_texts(own_database: str) -> None:
    code = receipts.make()
    wave = old_live_wave(code, "Written before the upgrade")
    assert Inbox.objects.get().document["texts"] == {"tst": "Written before the upgrade"}
    assert sent_texts(code) == {"tst": "Written before the upgrade"}
    actions.close_wave(SHELL, wave)
    _let_it_be_due(wave)
    with pytest.raises(WrongState, match="make a reading key first"):
        actions.seal_wave(SHELL, wave)

    reader = readers()[0]
    wave.refresh_from_db()
    assert wave.reading_key == current_reading_key()
    actions.seal_wave(SHELL, wave)
    assert wave.state == WaveState.SEALED
    text = Testimony.objects.select_related("wave__survey", "wave__reading_key").get()
    assert read(reader, text) == {"tst": "Written before the upgrade"}


def _let_it_be_due(wave: Wave) -> None:
    """Its announced day and the time for late answers are past; a guard keeps everybody else from saying so."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE survey_wave DISABLE TRIGGER wave_guard")
        cursor.execute("UPDATE survey_wave SET seal_on = %s, late_until = %s", [date(2026, 1, 1), timezone.now()])
        cursor.execute("ALTER TABLE survey_wave ENABLE TRIGGER wave_guard")
    wave.refresh_from_db()


def test_testimonies_sealed_in_plain_are_encrypted_by_a_command(own_database: str) -> None:
    wave = open_rehearsal()
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    Testimony.objects.create(wave=wave, language="en", use=3, tag=1, plain={"tst": "Sealed in plain"})
    with pytest.raises(CommandError, match="no reading key"):
        call_command("seal_texts")

    reader = readers()[0]
    call_command("seal_texts", verbosity=0)
    text = Testimony.objects.select_related("wave__survey", "wave__reading_key").get()
    assert (text.plain, text.use, text.tag) == (None, 3, 1)
    assert read(reader, text) == {"tst": "Sealed in plain"}
    with as_superuser(own_database) as session:
        session.execute("CHECKPOINT")
        page = session.execute("SELECT pg_read_binary_file(pg_relation_filepath('survey_testimony'))").fetchone()
    assert page
    assert b"Sealed in plain" not in page[0]


def test_the_migration_keeps_texts_that_were_sealed_in_plain(own_database: str) -> None:
    wave = open_rehearsal()
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    migrate("survey", "0004")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO survey_testimony (id, wave_id, language, use, tag, text, text_2) "
            "VALUES (gen_random_uuid(), %s, 'en', 3, 1, 'Written long ago', '')",
            [wave.pk],
        )
    migrate()
    assert Testimony.objects.get().plain == {"tst": "Written long ago"}
    migrate("survey", "0004")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT text, text_2 FROM survey_testimony")
        assert cursor.fetchall() == [("Written long ago", "")]
    migrate()


def migrate(*to: str) -> None:
    call_command("migrate", *to, database="owner", verbosity=0, skip_checks=True)
