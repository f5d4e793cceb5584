"""What is read of an answer, by the library and by the auditor's own code, and what is refused."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.stamping.authority import DAY, TIME_STAMP, Authority, Certified

from trucewatch.evidence.audit.stamped import imprint
from trucewatch.evidence.stamps import STAMP_LIMIT, ask_for, read_certificates, verify


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"since": -9 * DAY, "until": -DAY}, "certificate has expired"),
        ({"since": DAY}, "certificate is not yet valid"),
    ],
)
def test_a_certificate_must_be_valid_at_the_time_of_the_stamp(authority, dates, words):
    question = ask_for("hello")
    authority.signer = Certified("Stamps of tests", authority.root, **dates)
    answer = authority.signed(question.body)
    with pytest.raises(ValueError, match=words):
        verify(answer, "hello", [authority.root.certificate], size=1, nonce=question.nonce)


@pytest.mark.parametrize(
    ("use", "kind", "words"),
    [
        (ExtendedKeyUsageOID.TIME_STAMPING, TIME_STAMP, ""),
        (ExtendedKeyUsageOID.SERVER_AUTH, TIME_STAMP, "its signature does not hold: "),
        (None, TIME_STAMP, "its signature does not hold: "),
        (
            ExtendedKeyUsageOID.TIME_STAMPING,
            "1.2.840.113549.1.7.1",
            "no answer of an authority|no ",
        ),
    ],
)
def test_a_key_for_something_else_stamps_nothing(authority, use, kind, words):
    """What the same authority certified for a server, or what is no time stamp at all."""
    question = ask_for("hello")
    answer = authority.signed(question.body)
    authority.signer = Certified("Stamps of tests", authority.root, use=use)
    forged = authority.signed_as(answer, kind)
    trusted = [authority.root.certificate]
    if words:
        with pytest.raises(ValueError, match=words):
            verify(forged, "hello", trusted, size=1, nonce=question.nonce)
    else:
        assert verify(forged, "hello", trusted, size=1, nonce=question.nonce)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """An honest answer to a question, and who is to be believed."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.style |= {"digits": 3, "ordering": "yes"}
    question = ask_for("hello")
    answer = made.signed(question.body)
    made.close()
    return answer, [made.root.certificate]


@pytest.mark.parametrize("digits", [0, 3, 6])
@pytest.mark.parametrize("ordering", ["yes", "no"])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_every_form_that_openssl_makes_is_read(authority, digits, ordering, digest):
    authority.style = {"digits": digits, "ordering": ordering, "digest": digest}
    question = ask_for("hello")
    answer = authority.signed(question.body)
    assert imprint(answer) == hashlib.sha256(b"hello").digest()
    assert verify(answer, "hello", [authority.root.certificate], size=1, nonce=question.nonce)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_what_was_tampered_with_is_refused_or_says_the_same(sample, data):
    """Neither reader ever fails in another way, and what one accepts the other can read."""
    answer, trusted = sample
    held = verify(answer, "hello", trusted, size=1)
    changed = bytearray(answer)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        cut = data.draw(st.integers(0, 3))
        changed[at : at + cut] = data.draw(st.binary(max_size=4))
    try:
        read = imprint(bytes(changed))
    except ValueError:
        read = None
    try:
        # The authority signs the time and the hash; some of what stands around them nobody signs.
        assert (
            dataclasses.replace(
                verify(bytes(changed), "hello", trusted, size=1), authority=held.authority
            )
            == held
        )
        assert read == hashlib.sha256(b"hello").digest()
    except ValueError:
        pass


@given(st.binary(max_size=300))
def test_rubbish_is_refused(raw):
    with pytest.raises(ValueError, match="no answer of an authority"):
        verify(raw, "hello", [], size=1)
    with pytest.raises(ValueError, match=r"form|spelling|open|breaks|granted|behind"):
        imprint(raw)
    with pytest.raises(ValueError, match=r"no certificates|private key"):
        read_certificates(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("3080 0000", "a length is left open"),
        ("30817f" + "00" * 127, "a length is not in its one spelling"),
        ("3082007f" + "00" * 127, "a length is not in its one spelling"),
        ("3081", "a length is not in its one spelling"),
        ("3005", "it breaks off"),
        ("31053003020100", "not in the form of a time stamp"),
        ("3005300302010000", "something stands behind it"),
        ("30053003020102", "it was not granted"),
        ("30053003020101", "it was not granted"),
    ],
)
def test_each_length_has_one_spelling_and_a_refusal_is_no_stamp(raw, words):
    with pytest.raises(ValueError, match=words):
        imprint(bytes.fromhex(raw))


def test_a_file_of_certificates_is_weighed_and_holds_no_private_key():
    with pytest.raises(ValueError, match=rf"has at most {STAMP_LIMIT} bytes"):
        read_certificates(b"x" * (STAMP_LIMIT + 1))
    with pytest.raises(ValueError, match="it holds no certificates"):
        read_certificates(b"x" * STAMP_LIMIT)
    with pytest.raises(ValueError, match="it holds a private key"):
        read_certificates(b"-----BEGIN PRIVATE KEY-----")
