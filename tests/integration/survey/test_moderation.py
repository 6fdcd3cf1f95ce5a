"""Moderation: two people, neither from the study, and nothing in plain before both have agreed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import Error, IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import AuditEntry, User
from survey import actions, moderation
from survey.enums import ProposalKind
from survey.errors import Invalid, NoKey, NotAllowed, NotFound, TooManyTries, WrongPassphrase, WrongState
from survey.models import Judgement, ModeratedText, Proposal, Testimony, Wave
from survey.moderation import Moderated, Task
from survey.sealed_texts import Unreadable
from tests.cast import SHELL, open_rehearsal, send
from tests.readers import PASSPHRASE, read, readers, reviewer

pytestmark = pytest.mark.django_db
WORDS = "It held me through that winter. Ask @moon about it."
CLEAN = "It held me through that winter."


@pytest.fixture
def people() -> list[User]:
    return readers(3)


@pytest.fixture
def testimony(people: list[User], monkeypatch: pytest.MonkeyPatch) -> Testimony:
    return sealed(monkeypatch, {"tst": WORDS, "tst_use": "3", "tst_tag": "2"})


def sealed(monkeypatch: pytest.MonkeyPatch, *answers: dict[str, str]) -> Testimony:
    """The last of these texts, sealed. The rewriting of tables needs a database of one's own and is left out."""
    monkeypatch.setattr("survey.actions.sealing.rewrite_stores", lambda *_: None)
    wave = open_rehearsal()
    for one in answers:
        send(wave, mdl="1", **one)
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    return Testimony.objects.select_related("wave__survey", "wave__reading_key").all()[0]


def propose(user: User, testimony: Testimony, kind: str = "redacted", number: int = 1, **words: str) -> None:
    moderated = Moderated(words or {"tst": CLEAN}, {"es": {"tst": "Me sostuvo."}})
    moderation.propose(user, PASSPHRASE, testimony.pk, number, ProposalKind(kind), moderated)


def judge(user: User, testimony: Testimony, confirmed: bool = True, number: int = 1, note: str = "") -> None:
    moderation.judge(user, PASSPHRASE, testimony.pk, number, confirmed, note)


def draw(user: User, task: Task = Task.FIRST, skipped: tuple[UUID, ...] = ()) -> moderation.Reading | None:
    return moderation.read_next(user, PASSPHRASE, "rehearsal", 1, task, skipped)


def test_one_proposes_another_confirms_and_only_then_it_stands_in_plain(
    people: list[User], testimony: Testimony
) -> None:
    first, second, _ = people
    reading = draw(first)
    assert reading is not None
    assert (reading.texts, reading.number, reading.use, reading.tag) == ({"tst": WORDS}, 1, 3, 2)

    propose(first, testimony)
    assert not ModeratedText.objects.exists()
    assert draw(first) is None
    assert draw(first, Task.SECOND) is None

    shown = draw(second, Task.SECOND)
    assert shown is not None
    assert (shown.kind, shown.proposed.words, shown.texts) == ("redacted", {"tst": CLEAN}, {"tst": WORDS})
    judge(second, testimony)
    moderated = ModeratedText.objects.get()
    assert (moderated.words, moderated.translations) == ({"tst": CLEAN}, {"es": {"tst": "Me sostuvo."}})
    assert read(first, testimony) == {"tst": WORDS}
    assert draw(second, Task.SECOND) is None


def test_what_is_sent_back_is_proposed_anew_with_the_reason_in_view(people: list[User], testimony: Testimony) -> None:
    first, second, third = people
    propose(first, testimony)
    judge(second, testimony, confirmed=False, note="The winter names the year.")

    reading = draw(third)
    assert reading is not None
    assert (reading.number, reading.note, reading.proposed.words) == (2, "The winter names the year.", {"tst": CLEAN})
    propose(third, testimony, number=2, tst="It held me.")
    judge(first, testimony, number=2)
    assert ModeratedText.objects.get().words == {"tst": "It held me."}


def test_a_text_taken_as_it_is_comes_from_the_store_not_from_the_page(people: list[User], testimony: Testimony) -> None:
    propose(people[0], testimony, "as_is", tst="Something that nobody wrote")
    judge(people[1], testimony)
    assert ModeratedText.objects.get().words == {"tst": WORDS}


def test_a_childs_text_is_deleted_with_all_that_was_written_about_it(people: list[User], testimony: Testimony) -> None:
    first, second, _ = people
    propose(first, testimony)
    judge(second, testimony, confirmed=False, note="They say they are 16.")
    propose(second, testimony, "under_age", number=2)
    assert Testimony.objects.filter(ciphertext__isnull=False).exists()
    judge(first, testimony, number=2)

    row = Testimony.objects.get()
    kept = (row.language, row.use, row.tag, row.role_group, row.ciphertext, row.for_readers)
    assert kept == ("", None, None, None, None, None)
    assert not ModeratedText.objects.exists()
    with pytest.raises(NotFound):
        moderation.read_again(first, PASSPHRASE, testimony.pk, Task.FIRST)
    with pytest.raises(Unreadable):
        read(first, row)


def test_what_goes_nowhere_is_kept_sealed(people: list[User], testimony: Testimony) -> None:
    propose(people[0], testimony, "withheld")
    judge(people[1], testimony)
    assert not ModeratedText.objects.exists()
    assert draw(people[2]) is None
    assert read(people[2], testimony) == {"tst": WORDS}


def test_nobody_confirms_their_own_proposal_in_any_of_three_layers(people: list[User], testimony: Testimony) -> None:
    propose(people[0], testimony)
    with pytest.raises(NotAllowed, match="another person"):
        judge(people[0], testimony)
    proposal = Proposal.objects.get()
    for named in (people[0], people[1]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Judgement.objects.create(proposal=proposal, by=people[0], proposed_by=named, confirmed=True)
    assert not Judgement.objects.exists()


def test_members_of_the_study_do_not_moderate_in_any_layer(people: list[User], testimony: Testimony) -> None:
    member = people[1]
    actions.add_member(SHELL, testimony.wave.survey, member)
    for attempt in (
        lambda: draw(member),
        lambda: propose(member, testimony),
    ):
        with pytest.raises(NotAllowed, match="belong to this study"):
            attempt()
    with pytest.raises(IntegrityError, match="from outside the study"), transaction.atomic():
        Proposal.objects.create(testimony=testimony, number=1, by=member, kind="withheld")
    propose(people[0], testimony, "withheld")
    with pytest.raises(IntegrityError, match="from outside the study"), transaction.atomic():
        Judgement.objects.create(proposal=Proposal.objects.get(), by=member, proposed_by=people[0], confirmed=True)


def test_the_database_keeps_every_step_as_it_was(people: list[User], testimony: Testimony) -> None:
    propose(people[0], testimony)
    with pytest.raises(IntegrityError, match="Two people must agree"), transaction.atomic():
        in_plain_though_sent_back(people, testimony)
    with pytest.raises(IntegrityError, match="follows only one that was sent back"), transaction.atomic():
        Proposal.objects.create(testimony=testimony, number=2, by=people[1], kind="withheld")
    judge(people[1], testimony)
    gone = "language = '', use = NULL, tag = NULL, role_group = NULL, ciphertext = NULL, for_readers = NULL"
    for statement in (
        "UPDATE survey_proposal SET kind = 'as_is'",
        "DELETE FROM survey_judgement",
        "UPDATE survey_moderatedtext SET words = '{}'",
        f"UPDATE survey_testimony SET {gone}",
        "DELETE FROM survey_testimony",
    ):
        with pytest.raises(Error), transaction.atomic():
            execute(statement)
    assert Testimony.objects.filter(ciphertext__isnull=False).exists()


def in_plain_though_sent_back(people: list[User], testimony: Testimony) -> None:
    proposal = Proposal.objects.get()
    sent_back = Judgement.objects.create(proposal=proposal, by=people[1], proposed_by=people[0], confirmed=False)
    ModeratedText.objects.create(testimony=testimony, judgement=sent_back, words={}, translations={})


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_of_two_who_propose_the_second_is_told(people: list[User], testimony: Testimony) -> None:
    propose(people[0], testimony)
    for number in (1, 2):
        with pytest.raises(WrongState, match="Somebody else"):
            propose(people[1], testimony, number=number)
    judge(people[1], testimony)
    with pytest.raises(WrongState, match="judged meanwhile"):
        judge(people[2], testimony)


@pytest.mark.parametrize(
    ("kind", "words", "message"),
    [
        ("redacted", "", "Nothing is left"),
        ("redacted", WORDS, "as it was written"),
        ("rephrased", "x" * 7000, "longer than"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    people: list[User], testimony: Testimony, kind: str, words: str, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        propose(people[0], testimony, kind, tst=words)
    with pytest.raises(NotFound):
        judge(people[1], testimony)


def test_words_of_questions_and_languages_that_are_not_there_are_left_out(
    people: list[User], testimony: Testimony
) -> None:
    moderated = Moderated(
        {"tst": CLEAN, "tst_2": "?", "mdl": "?"}, {"en": {"tst": "?"}, "xx": {"tst": "?"}, "ja": {"tst": " "}}
    )
    moderation.propose(people[0], PASSPHRASE, testimony.pk, 1, ProposalKind.REDACTED, moderated)
    judge(people[1], testimony)
    done = ModeratedText.objects.get()
    assert (done.words, done.translations) == ({"tst": CLEAN}, {})


def test_a_wrong_passphrase_opens_nothing_and_says_the_same_whether_or_not_a_text_waits(
    people: list[User], testimony: Testimony
) -> None:
    said = []
    for attempt in (
        lambda: moderation.read_next(people[0], "wrong", "rehearsal", 1, Task.FIRST, ()),
        lambda: moderation.read_next(people[0], "wrong", "rehearsal", 1, Task.SECOND, ()),
        lambda: moderation.propose(people[0], "wrong", testimony.pk, 1, ProposalKind.WITHHELD, Moderated()),
    ):
        with pytest.raises(WrongPassphrase) as refused:
            attempt()
        said.append((refused.value.message, dict(refused.value.fields)))
    assert len(set(map(str, said))) == 1
    assert AuditEntry.objects.filter(action="passphrase.wrong", actor_name=str(people[0].pk)).count() == 3
    assert not AuditEntry.objects.filter(action="testimony.read").exists()


def test_guessing_ends_after_ten_tries_even_with_the_right_one(people: list[User], testimony: Testimony) -> None:
    for _ in range(10):
        with pytest.raises(WrongPassphrase):
            moderation.read_next(people[0], "wrong", "rehearsal", 1, Task.FIRST, ())
    with pytest.raises(TooManyTries):
        draw(people[0])
    assert draw(people[1]) is not None


def test_who_holds_no_share_reads_nothing(testimony: Testimony) -> None:
    newcomer = reviewer("newcomer@example.org")
    with pytest.raises(NoKey, match="no share"):
        draw(newcomer)
    keyless = User.objects.create(email="keyless@example.org", roles=[Role.REVIEWER])
    with pytest.raises(NoKey, match="no key yet"):
        draw(keyless)
    for role in (Role.RESEARCHER, Role.ADMIN):
        with pytest.raises(NotAllowed):
            draw(User.objects.create(email=f"{role}@example.org", roles=[role]))


def test_every_reading_is_recorded_with_who_and_which_and_no_content(people: list[User], testimony: Testimony) -> None:
    draw(people[0])
    propose(people[0], testimony)
    judge(people[1], testimony, confirmed=False, note="A note")
    entries = AuditEntry.objects.filter(action__startswith="testimony.").values_list("action", "actor_name", "subject")
    about = f"testimony:{testimony.pk}"
    assert list(entries) == [
        ("testimony.read", str(people[0].pk), about),
        ("testimony.proposed", str(people[0].pk), about),
        ("testimony.judged", str(people[1].pk), about),
    ]
    details = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert not any(word in details for word in ("winter", "moon", "note", "redacted", PASSPHRASE))


def test_a_skipped_text_comes_later_and_counts_are_coarse(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [{"tst": f"Text {number}", "tst_use": "1"} for number in range(12)]
    sealed(monkeypatch, *texts)
    seen: list[UUID] = []
    for _ in texts:
        reading = draw(people[0], skipped=tuple(seen))
        assert reading is not None
        seen.append(reading.id)
    assert len(set(seen)) == 12
    assert draw(people[0], skipped=tuple(seen)) is None
    row = moderation.waiting(people[0])[0]
    assert (row.first, row.second, row.done, row.may_moderate) == ("about 10", "none", "none", True)


def test_the_studys_researchers_read_what_two_people_agreed_on(people: list[User], testimony: Testimony) -> None:
    researcher = User.objects.create(email="named@example.org", roles=[Role.RESEARCHER])
    read_it: Callable[[], moderation.Page] = lambda: moderation.read_moderated(researcher, "rehearsal", 1)  # noqa: E731
    with pytest.raises(NotAllowed):
        read_it()
    actions.add_member(SHELL, testimony.wave.survey, researcher)
    propose(people[0], testimony)
    assert read_it().texts == ()
    judge(people[1], testimony)
    assert [text.words for text in read_it().texts] == [{"tst": CLEAN}]
    assert AuditEntry.objects.filter(action="testimony.read", actor_name=str(researcher.pk)).count() == 1
    with pytest.raises(NotAllowed):
        moderation.read_moderated(people[0], "rehearsal", 1)


def test_a_wave_that_is_not_there_is_not_found(people: list[User]) -> None:
    assert not Wave.objects.exists()
    with pytest.raises(NotFound):
        draw(people[0])
