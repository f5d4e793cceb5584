"""Every key that people may write in the two files is explained."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

import trucewatch.agreements.reading.forms as forms
from trucewatch.agreements.conditions.compiling import EVENTS, RESPONSES
from trucewatch.model import PROOF

DOCS = Path(__file__).resolve().parents[2] / "docs"
AGREEMENT = (DOCS / "agreements.md").read_text("utf-8")
FORMS = [one for one in vars(forms).values() if isinstance(one, type) and one is not forms.Form]


def in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("form", [one for one in FORMS if issubclass(one, forms.Form)])
def test_every_key_of_the_agreement_is_explained(form):
    written = {field.alias or name for name, field in form.model_fields.items()}
    assert written - in_code(AGREEMENT) == set()


def test_every_standing_and_standard_is_explained():
    standing = typing.get_args(typing.get_type_hints(forms.InstrumentForm)["standing"])
    assert len(standing) == 5
    assert {*standing, *PROOF} - in_code(AGREEMENT) == set()


def test_every_fact_that_a_condition_may_ask_for_is_explained():
    assert {*EVENTS, *RESPONSES} - in_code(AGREEMENT) == set()
