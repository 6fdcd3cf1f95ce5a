"""Two reviewers agree on what becomes of a testimony: one proposes, another one confirms or sends back.

What they write stays encrypted under the testimony's own key. In plain stands only what both have agreed on.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from survey.enums import ProposalKind
from survey.errors import Invalid, WrongState
from survey.identifiers import leaves_a_trace
from survey.models import Judgement, ModeratedText, Proposal, Testimony
from survey.moderation.reading import Moderated, Opened, Words, check_can_judge_now, open_again
from survey.sealed_texts import seal_more

LONGEST = 6000
"""Code points of a moderated text: rephrasing may take more words than there were."""
_LONGEST_NOTE = 2000


def propose(
    user: User, passphrase: str, testimony_id: UUID, number: int, kind: ProposalKind, moderated: Moderated
) -> None:
    """Append a proposal. `number` is the one that the reader was shown: of two who propose at once, one succeeds.

    Raises NotFound, NotAllowed, NoKey, WrongPassphrase, TooManyTries; Invalid for words that do not fit the kind;
    WrongState when somebody else was faster.
    """
    opened = open_again(user, passphrase, testimony_id)
    if opened.next_number != number or (opened.last and not _was_sent_back(opened.last)):
        raise WrongState("Somebody else has looked at this text meanwhile. Take the next one.")
    content = _checked(opened, kind, moderated)
    sealed = seal_more(content, opened.key, opened.about) if content else None
    try:
        with transaction.atomic():
            Proposal.objects.create(testimony=opened.testimony, number=number, by=user, kind=kind, sealed=sealed)
            # The kind stays out of the log: it says something of what was written.
            record(Actor.of(user), "testimony.proposed", f"testimony:{testimony_id}", number=number)
    except IntegrityError:
        raise WrongState("Somebody else has looked at this text meanwhile. Take the next one.") from None


def judge(user: User, passphrase: str, testimony_id: UUID, number: int, confirmed: bool, note: str) -> None:
    """Confirm the proposal with this number, or send it back with a note. Confirmed, it takes effect at once.

    Raises NotFound, NotAllowed, NoKey, WrongPassphrase, TooManyTries; Invalid for a return without a note;
    WrongState when it has been judged, or is no longer the one that was shown.
    """
    opened = open_again(user, passphrase, testimony_id)
    proposal = check_can_judge_now(user, opened)
    if proposal.number != number or hasattr(proposal, "judgement"):
        raise WrongState("This proposal has been judged meanwhile. Take the next one.")
    if not confirmed and not note.strip():
        raise Invalid("Say why you send it back: the other reviewer reads it.")
    sealed_note = None if confirmed else seal_more(note.strip()[:_LONGEST_NOTE], opened.key, opened.about)
    try:
        with transaction.atomic():
            judgement = Judgement.objects.create(
                proposal=proposal, by=user, proposed_by_id=proposal.by_id, confirmed=confirmed, sealed_note=sealed_note
            )
            if confirmed:
                _take_effect(opened, proposal, judgement)
            record(Actor.of(user), "testimony.judged", f"testimony:{testimony_id}", number=number)
    except IntegrityError:
        raise WrongState("This proposal has been judged meanwhile. Take the next one.") from None


def _take_effect(opened: Opened, proposal: Proposal, judgement: Judgement) -> None:
    if proposal.kind == ProposalKind.UNDER_AGE:
        _delete_text(opened.testimony)
    elif proposal.kind in ProposalKind.with_words():
        moderated = opened.proposed()
        ModeratedText.objects.create(
            testimony=opened.testimony,
            judgement=judgement,
            words=moderated.words,
            translations=moderated.translations,
        )


def _delete_text(testimony: Testimony) -> None:
    """Without its key nothing of the text, and nothing that was written about it, can be read any more."""
    gone = {"language": "", "use": None, "tag": None, "role_group": None, "ciphertext": None, "for_readers": None}
    Testimony.objects.filter(pk=testimony.pk).update(**gone)


def _was_sent_back(proposal: Proposal) -> bool:
    return hasattr(proposal, "judgement") and not proposal.judgement.confirmed


def _checked(opened: Opened, kind: ProposalKind, moderated: Moderated) -> dict[str, object] | None:
    """What the proposal will hold. A text that is taken as it is comes from the store, not from the page."""
    if kind in ProposalKind.without_words():
        return None
    texts, languages = opened.texts(), opened.languages
    words = texts if kind == ProposalKind.AS_IS else _clean(moderated.words, texts)
    if not words:
        raise Invalid("Nothing is left of the text. If nothing of it should be kept, choose that it goes nowhere.")
    if kind != ProposalKind.AS_IS and words == texts:
        raise Invalid("The text is as it was written. Change it, or choose that it is taken as it is.")
    translations = {tag: _clean(text, texts) for tag, text in moderated.translations.items() if tag in languages}
    _check_traces(words, *translations.values())
    return {"words": words, "translations": {tag: text for tag, text in translations.items() if text}}


def _check_traces(*versions: Words) -> None:
    if any(leaves_a_trace(text) for words in versions for text in words.values()):
        raise Invalid("The text still holds an address, a code or a time of day. Take it out: it leads to a person.")


def _clean(words: Words, texts: Mapping[str, str]) -> dict[str, str]:
    """Only questions that were answered, only what is not empty. Raises Invalid for what is too long."""
    kept = {name: words.get(name, "").replace("\r\n", "\n").strip() for name in texts}
    if any(len(text) > LONGEST for text in kept.values()):
        raise Invalid(f"A text is longer than {LONGEST:,} signs.")
    return {name: text for name, text in kept.items() if text}
