"""Somebody has the whole database, the application's disk, the source, and no passphrase: no text can be read.

The thief tries every value that is stored, of any table, as key, code or passphrase for everything that is encrypted.
"""

import itertools
import json
import pathlib
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from survey import actions, receipts
from survey.models import Inbox, ReadingKey, ReadingKeyShare, ReviewerKey, Testimony, Wave
from survey.moderation.unlocking import owner, purpose
from survey.sealed_texts import (
    LockedKey,
    Unreadable,
    WrongPassphrase,
    associated,
    content_key_for_reader,
    content_key_for_receipt,
    open_box,
    open_texts,
    unlock,
)
from tests import services
from tests.cast import SHELL, open_rehearsal, send
from tests.integration.survey.test_seal import as_superuser
from tests.readers import PASSPHRASE, read, readers, sent_texts

TOKENS = ("xq7zk4wv9pjm2ty8bn3hf6", "gd5lrc0su1aeo9qxk7zw3v")
OPEN_WORDS = f"What I told before the wave was sealed, quietly {TOKENS[0]}"
SEALED_WORDS = f"What I told in an earlier wave, 陪伴 included {TOKENS[1]}"


@pytest.fixture
def code(own_database: str) -> str:
    """One wave sealed, one open, both with texts; the code opens the text of the open one."""
    readers()
    earlier = open_rehearsal()
    send(earlier, mdl="1", tst=SEALED_WORDS, tst_use="3", tst_tag="1")
    actions.close_wave(SHELL, earlier)
    actions.seal_wave(SHELL, earlier)
    code = receipts.make()
    send(open_rehearsal(), code, mdl="1", elig="1", tst=OPEN_WORDS, tst_2="And more", tst_use="2", tst_tag="1")
    return code


def test_no_text_and_no_secret_stands_in_a_dump_of_everything(own_database: str, code: str) -> None:
    content = dump(own_database)
    assert b"survey_inbox" in content
    for secret in (OPEN_WORDS, SEALED_WORDS, PASSPHRASE, code, receipts.normalise(code)):
        for spelling in (secret.encode(), secret.encode().hex().encode(), json.dumps(secret)[1:-1].encode()):
            assert spelling not in content
    for piece in ("quietly", "included", "And more"):
        assert piece.encode() not in content


def test_whatever_is_stored_opens_nothing(own_database: str, code: str) -> None:
    stored = set(values(own_database)) | set(configured())
    assert len(stored) > 100
    assert {one for one in stored if len(one) == 32} >= {bytes(key.public_key) for key in ReadingKey.objects.all()}
    assert opened_by(stored) == []


def test_the_same_search_finds_a_key_that_somebody_left_lying(own_database: str, code: str) -> None:
    """So that it could fail: with the passphrase, or with the code, the thief reads all of it."""
    assert "passphrase" in opened_by({PASSPHRASE.encode()})
    assert "receipt" in opened_by({code.encode()})


def test_who_holds_the_code_reads_until_sealing_and_no_longer(own_database: str, code: str) -> None:
    assert sent_texts(code) == {"tst": OPEN_WORDS, "tst_2": "And more"}
    wave = Wave.objects.get(number=2)
    actions.close_wave(SHELL, wave)
    assert sent_texts(code) == {"tst": OPEN_WORDS, "tst_2": "And more"}
    actions.seal_wave(SHELL, wave)
    assert not Inbox.objects.exists()
    assert "receipt" not in opened_by({code.encode()})
    reader = ReviewerKey.objects.all()[0].user
    texts = [read(reader, text)["tst"] for text in Testimony.objects.select_related("wave__survey")]
    assert sorted(texts) == sorted([OPEN_WORDS, SEALED_WORDS])


def test_without_a_reading_key_a_rehearsals_texts_end_with_the_receipts(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1", tst=OPEN_WORDS, tst_use="3", tst_tag="1")
    assert sent_texts(code) == {"tst": OPEN_WORDS}
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    assert not Testimony.objects.exists()


def dump(database: str) -> bytes:
    """Every row of every table, as the owner of the database copies them out."""
    content = b""
    for table in tables():
        with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
            content += table.encode() + b"".join(bytes(block) for block in copy)
    return content


def values(database: str) -> Iterator[bytes]:
    """Each column of each row as bytes: binary ones as they are and cut into keys, all others as text."""
    for table in tables():
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            for value in itertools.chain.from_iterable(cursor.fetchall()):
                if isinstance(value, (bytes, memoryview)):
                    raw = bytes(value)
                    yield from (raw, raw[:32], raw[-32:], raw[16:48], raw[32:64])
                elif value is not None:
                    yield from (piece.encode() for piece in {str(value), *re.findall(r"[\w@.+-]{4,}", str(value))})


def configured() -> Iterator[bytes]:
    yield from (settings.SECRET_KEY.encode(), settings.DATABASE_URL.encode(), settings.REDIS_URL.encode())


def tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return [name for (name,) in cursor.fetchall() if name != "django_migrations"]


def opened_by(stored: set[bytes]) -> list[str]:
    """What these values open, by the way they took."""
    ways = [(private, "passphrase") for private in reading_keys(stored)]
    ways += [(one, "key") for one in stored if len(one) == 32]
    found = [way for private, way in ways for _ in opened_texts(private)]
    return found + ["receipt" for one in stored for _ in opened_by_code(one)]


def reading_keys(stored: set[bytes]) -> Iterator[bytes]:
    privates = [one for one in stored if len(one) == 32]
    for holder, guess in itertools.product(ReviewerKey.objects.all(), stored):
        try:
            locked = LockedKey(bytes(holder.locked_private), holder.log2_n)
            privates.append(unlock(locked, guess.decode("latin-1"), owner(holder.user)))
        except WrongPassphrase:
            continue
    for share, private in itertools.product(ReadingKeyShare.objects.all(), privates):
        try:
            yield open_box(bytes(share.box), private, purpose(share.reading_key_id))
        except Unreadable:
            continue


def opened_texts(key: bytes) -> Iterator[dict[str, str]]:
    """With a private reading key, or with a content key."""
    rows = [*Inbox.objects.select_related("wave__survey"), *Testimony.objects.select_related("wave__survey")]
    for row in rows:
        about = associated(row.wave.survey.slug, row.wave.number)
        for content_key in (key, *unwrapped(bytes(row.for_readers or b""), key, about)):
            try:
                yield open_texts(bytes(row.ciphertext or b""), content_key, about)
            except Unreadable:
                continue


def unwrapped(for_readers: bytes, private: bytes, about: bytes) -> list[bytes]:
    try:
        return [content_key_for_reader(for_readers, private, about)]
    except Unreadable:
        return []


def opened_by_code(code: bytes) -> Iterator[dict[str, str]]:
    for row in Inbox.objects.select_related("wave__survey"):
        about = associated(row.wave.survey.slug, row.wave.number)
        try:
            key = content_key_for_receipt(bytes(row.for_receipt or b""), code.decode("latin-1"), about)
            yield open_texts(bytes(row.ciphertext or b""), key, about)
        except Unreadable:
            continue


def test_no_file_of_the_database_or_of_the_service_holds_a_text(own_database: str, code: str) -> None:
    """The journal of this test's own server, too: what arrived was encrypted before PostgreSQL saw it."""
    folder = services.database_folder()
    with as_superuser(own_database) as session:
        session.execute("CHECKPOINT")
    searched = [path for path in folder.rglob("*") if path.is_file()]
    assert any("pg_wal" in path.parts for path in searched)
    for path in searched:
        assert not holds(path), path


def holds(path: pathlib.Path) -> bool:
    """PostgreSQL's compression parts words by a control byte after each eight signs: any eight in a row will do."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # recycled meanwhile
        return False
    return any(token[at : at + 8].encode() in content for token in TOKENS for at in range(len(token) - 7))
