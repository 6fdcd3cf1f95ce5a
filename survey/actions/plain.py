"""Texts that earlier versions stored in plain are encrypted: in the inbox when it is sealed, else by a command."""

from collections.abc import Sequence

from django.db import connection, transaction

from accounts.actions import record
from accounts.actors import Actor
from survey.actions.stores import rewrite_tables
from survey.actions.texts import Readers, readers_of
from survey.errors import WrongState
from survey.models import Inbox, Testimony, Wave
from survey.queries.keys import current_reading_key
from survey.sealed_texts import seal_texts

_CHUNK = 500


def seal_plain_inbox(wave: Wave) -> None:
    """Inside the sealing, which holds the wave. Raises WrongState for a live wave that has no reading key."""
    waiting = Inbox.objects.filter(wave=wave, document__texts__isnull=False).exclude(document__texts={})
    readers = readers_of(wave.pk)
    if readers.public_key is None:
        if readers.is_live and waiting.exists():
            raise WrongState(f"{wave} holds texts that nobody could read: make a reading key first (/review/keys/).")
        return
    while rows := list(waiting[:_CHUNK]):
        _write(rows, readers)


def _write(rows: Sequence[Inbox], readers: Readers) -> None:
    sealed = [
        (seal_texts(row.document["texts"], readers.about, None, readers.public_key), bytes(row.receipt)) for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE survey_inbox SET ciphertext = %s, for_readers = %s, document = document - 'texts' "
            "WHERE receipt = %s",
            [(envelope.ciphertext, envelope.for_readers, receipt) for envelope, receipt in sealed],
        )


def seal_plain_testimonies(actor: Actor) -> int:
    """Encrypt, as their owner, what a version before this one has sealed in plain; gives the number of waves.

    Then rewrites the tables, whose pages hold images of the plain texts. Raises WrongState when there is no reading
    key yet.
    """
    key = current_reading_key()
    waves = Wave.objects.select_related("survey").filter(
        pk__in=Testimony.objects.filter(plain__isnull=False).values("wave")
    )
    if waves and key is None:
        raise WrongState("There is no reading key yet: a reviewer makes one on /review/keys/.")
    for wave in waves:
        with transaction.atomic():
            Wave.objects.filter(pk=wave.pk, reading_key=None).update(reading_key=key)
            record(actor, "wave.texts_sealed", f"wave:{wave.pk}")
        _seal_testimonies(wave)
    if waves:
        rewrite_tables()
    return len(waves)


def _seal_testimonies(wave: Wave) -> None:
    """One transaction for a wave: no system column tells one row from another."""
    readers = readers_of(wave.pk)
    rows = Testimony.objects.using("owner").filter(wave_id=wave.pk, plain__isnull=False)
    with transaction.atomic(using="owner"):
        for row in rows:
            envelope = seal_texts(row.plain or {}, readers.about, None, readers.public_key)
            rows.filter(pk=row.pk).update(ciphertext=envelope.ciphertext, for_readers=envelope.for_readers, plain=None)
