"""What states are called that an agreement names by an id alone."""

from __future__ import annotations

import pytest

from trucewatch.bulletins.views.naming import Names, in_words


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("france", "France"),
        ("united-kingdom", "United Kingdom"),
        ("republic-of-korea", "Republic of Korea"),
        ("fr", "FR"),
        ("tur", "TUR"),
        ("Harbour Council", "Harbour Council"),
        ("a--b", "a--b"),
        ("", ""),
    ],
)
def test_an_id_is_told_in_words(identifier, words):
    assert in_words(identifier) == words


def test_a_name_that_is_on_record_stands_before_an_id(situation):
    agreement = situation.agreement
    spelt = ["T\u00fcrkiye", "C\u00f4te d'Ivoire", "United Kingdom"]
    names = Names(agreement, spelt)
    assert names.of("turkiye") == "T\u00fcrkiye"
    assert names.of("cote-d-ivoire") == "C\u00f4te d'Ivoire"
    assert names.of("united-kingdom") == "United Kingdom"
    assert Names(agreement).of("turkiye") == "Turkiye"


def test_what_the_agreement_calls_somebody_stands_before_all(situation):
    agreement = situation.agreement
    assert agreement.parties
    for one in (*agreement.parties, *agreement.bodies):
        assert Names(agreement, [one.id.upper()]).of(one.id) == one.name
