"""What is sealed opens for the receipt code and for the reading key, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import receipts
from survey.sealed_texts import (
    LockedKey,
    Unreadable,
    WrongPassphrase,
    associated,
    content_key_for_reader,
    content_key_for_receipt,
    lock,
    make_pair,
    open_box,
    open_more,
    open_texts,
    put_in_box,
    seal_more,
    seal_texts,
    unlock,
)

WAVE = associated("mris", 1)
CODE = receipts.make()
READERS = make_pair()


@given(st.dictionaries(st.sampled_from(["tst", "tst_2"]), st.text(max_size=3000), min_size=1))
def test_both_ways_lead_back_to_the_same_texts(texts: dict[str, str]) -> None:
    texts = {name: text.encode("utf-8", "replace").decode() for name, text in texts.items()}
    envelope = seal_texts(texts, WAVE, CODE, READERS.public)
    assert envelope.for_readers is not None

    by_receipt = content_key_for_receipt(envelope.for_receipt, CODE.lower().replace("-", " "), WAVE)
    by_reader = content_key_for_reader(envelope.for_readers, READERS.private, WAVE)
    assert by_receipt == by_reader
    assert open_texts(envelope.ciphertext, by_reader, WAVE) == texts


def test_nothing_else_opens_it() -> None:
    envelope = seal_texts({"tst": "words"}, WAVE, CODE, READERS.public)
    assert envelope.for_readers is not None
    other_wave = associated("mris", 2)

    for attempt in (
        lambda: content_key_for_receipt(envelope.for_receipt, receipts.make(), WAVE),
        lambda: content_key_for_receipt(envelope.for_receipt, CODE, other_wave),
        lambda: content_key_for_reader(envelope.for_readers or b"", make_pair().private, WAVE),
        lambda: content_key_for_reader(envelope.for_readers or b"", READERS.private, other_wave),
        lambda: content_key_for_reader(b"", READERS.private, WAVE),
        lambda: open_texts(envelope.ciphertext, b"0" * 32, WAVE),
        lambda: open_texts(b"", b"0" * 32, WAVE),
    ):
        with pytest.raises(Unreadable):
            attempt()


def test_a_changed_byte_is_noticed_everywhere() -> None:
    key = seal = seal_texts({"tst": "words"}, WAVE, CODE, None)
    key = content_key_for_receipt(seal.for_receipt, CODE, WAVE)
    for place in range(len(seal.ciphertext)):
        changed = bytearray(seal.ciphertext)
        changed[place] ^= 1
        with pytest.raises(Unreadable):
            open_texts(bytes(changed), key, WAVE)


def test_lengths_say_little() -> None:
    lengths = {len(seal_texts({"tst": "x" * size}, WAVE, CODE, None).ciphertext) for size in range(0, 4000, 50)}
    assert lengths == {540, 1052, 2076, 4124}


def test_the_same_text_is_never_the_same_bytes() -> None:
    one, other = (seal_texts({"tst": "words"}, WAVE, CODE, READERS.public) for _ in range(2))
    assert not set(one) & set(other)


def test_more_can_be_sealed_under_the_same_key() -> None:
    envelope = seal_texts({"tst": "words"}, WAVE, CODE, None)
    key = content_key_for_receipt(envelope.for_receipt, CODE, WAVE)
    content = {"words": {"tst": "w…"}, "translations": {"en": {"tst": "w"}}}
    assert open_more(seal_more(content, key, WAVE), key, WAVE) == content


def test_a_box_opens_for_its_owner_about_the_same_thing_only() -> None:
    box = put_in_box(b"secret", READERS.public, b"about")
    assert open_box(box, READERS.private, b"about") == b"secret"
    for private, about in ((make_pair().private, b"about"), (READERS.private, b"other")):
        with pytest.raises(Unreadable):
            open_box(box, private, about)
    with pytest.raises(Unreadable):
        open_box(bytes(32) + box[32:], READERS.private, b"about")


def test_a_passphrase_unlocks_its_owners_key_only() -> None:
    locked = lock(READERS.private, "caf\u00e9 with a long name", b"user 1", log2_n=4)
    assert unlock(locked, "cafe\u0301 with a long name", b"user 1") == READERS.private
    for passphrase, about in (("cafe with a long name", b"user 1"), ("caf\u00e9 with a long name", b"user 2")):
        with pytest.raises(WrongPassphrase):
            unlock(locked, passphrase, about)
    with pytest.raises(WrongPassphrase):
        unlock(LockedKey(locked.content, 5), "caf\u00e9 with a long name", b"user 1")


def test_a_guess_costs_what_it_should() -> None:
    from survey.sealed_texts import passphrases

    assert passphrases.LOG2_N >= 17
