"""Each guard of time stamps taken away: the same tries go through, so the tests would tell."""

from __future__ import annotations

import pytest
from tests.app.stamping import test_stamping as tries

from trucewatch.app.stamping import asking, keeping
from trucewatch.app.witnessing import calling
from trucewatch.evidence import stamps
from trucewatch.evidence.audit import cosigned


def test_saboteur_without_the_nonce(isle, open_now, authority, monkeypatch):
    real = keeping.verify
    monkeypatch.setattr(keeping, "verify", lambda *a, **k: real(*a, **k | {"nonce": None}))
    with pytest.raises(AssertionError):
        tries.test_an_answer_that_comes_again_is_refused_by_its_nonce(isle, open_now, authority)


def test_saboteur_without_a_signature(isle, open_now, authority, monkeypatch):
    library = stamps._library()
    monkeypatch.setattr(type(library.VerifierBuilder(roots=[1]).build()), "verify", lambda *_: True)
    with pytest.raises(AssertionError):
        tries.test_another_authority_of_the_same_name_is_not_believed(isle, open_now, authority)


def test_saboteur_without_the_hash(isle, open_now, authority, monkeypatch):
    monkeypatch.setattr(cosigned, "_of_it", lambda *_: "")
    with pytest.raises(AssertionError):
        tries.test_a_replayed_stamp_of_another_checkpoint_is_found(isle, open_now, authority)


def test_saboteur_without_a_deadline(isle, open_now, authority, monkeypatch):
    real = asking._post
    monkeypatch.setattr(
        keeping, "ask", lambda url, body, **_: calling.asyncio.run(_patient(real, url, body))
    )
    with pytest.raises(AssertionError):
        tries.test_who_misbehaves_costs_time_at_most(
            isle, open_now, authority, lambda one, _: one.over.wait(3), "no whole answer"
        )


async def _patient(post, url, body):
    async with calling.httpx2.AsyncClient(trust_env=False, timeout=None) as client:
        found = await post(client, url, body)
        return found if isinstance(found, bytes) else b""


def test_saboteur_without_a_limit(isle, open_now, authority, monkeypatch):
    monkeypatch.setattr(asking, "STAMP_LIMIT", 1 << 40)
    with pytest.raises(AssertionError):
        tries.test_who_misbehaves_costs_time_at_most(
            isle, open_now, authority, tries.flood, "more than 65536 bytes"
        )


def test_saboteur_who_follows(isle, open_now, authority, monkeypatch):
    real = calling.httpx2.AsyncClient
    monkeypatch.setattr(
        calling.httpx2, "AsyncClient", lambda **given: real(**given | {"follow_redirects": True})
    )
    with pytest.raises(AssertionError):
        tries.test_who_misbehaves_costs_time_at_most(
            isle, open_now, authority, tries.elsewhere, "redirects (307)"
        )


def test_saboteur_who_heeds_the_surroundings(isle, open_now, authority, monkeypatch):
    real = calling.httpx2.AsyncClient
    monkeypatch.setattr(
        calling.httpx2, "AsyncClient", lambda **given: real(**given | {"trust_env": True})
    )
    with pytest.raises(AssertionError):
        tries.test_the_surroundings_have_no_say(isle, open_now, authority, monkeypatch)
