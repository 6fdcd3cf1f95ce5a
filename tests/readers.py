"""Reviewers with keys, and what they need to read a testimony in a test. Their passphrases are cheap to check."""

from accounts.enums import Role
from accounts.models import User
from survey import moderation
from survey.models import ReviewerKey, Testimony
from survey.moderation.unlocking import owner, reading_private
from survey.queries import find_by_receipt
from survey.sealed_texts import associated, content_key_for_reader, lock, make_pair, open_texts

PASSPHRASE = "four words that nobody guesses"
_CHEAP = 4


def reviewer(email: str, passphrase: str = PASSPHRASE) -> User:
    """With a key of their own, and no share of a reading key."""
    user = User.objects.create(email=email, roles=[Role.REVIEWER], password="!")
    give_key(user, passphrase)
    return user


def give_key(user: User, passphrase: str = PASSPHRASE) -> None:
    pair = make_pair()
    locked = lock(pair.private, passphrase, owner(user), _CHEAP)
    ReviewerKey.objects.create(user=user, public_key=pair.public, locked_private=locked.content, log2_n=locked.log2_n)


def readers(number: int = 2) -> list[User]:
    """Reviewers who hold the reading key, newly made for them."""
    people = [reviewer(f"reader{place}@example.org") for place in range(number)]
    moderation.make_reading_key(people[0])
    for other in people[1:]:
        moderation.grant(people[0], PASSPHRASE, other)
    return people


def read(user: User, testimony: Testimony, passphrase: str = PASSPHRASE) -> dict[str, str]:
    """The texts of a testimony, opened as the service opens them."""
    wave = testimony.wave
    about = associated(wave.survey.slug, wave.number)
    private = reading_private(user, passphrase, wave.reading_key)
    key = content_key_for_reader(bytes(testimony.for_readers or b""), private, about)
    return open_texts(bytes(testimony.ciphertext or b""), key, about)


def sent_texts(code: str) -> dict[str, str]:
    """The texts that a receipt code leads to."""
    found = find_by_receipt(code)
    assert found is not None
    return found.submission.texts
