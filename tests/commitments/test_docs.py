"""Every key, code and word that people may write in `commitments.yaml` is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from trucewatch.commitments import LIMITS, POSITION, PRIORITIES, STAGES, forms
from trucewatch.commitments.words import APPROVAL_KINDS, APPROVAL_STATES, DOMAINS, STANDINGS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commitments.md").read_text("utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", PAGE))
FORMS = [
    one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, BaseModel)
]


@pytest.mark.parametrize("form", FORMS)
def test_every_key_is_explained(form):
    assert set(form.model_fields) - CODE == set()


@pytest.mark.parametrize(
    "words",
    [APPROVAL_KINDS, APPROVAL_STATES, DOMAINS, LIMITS, (POSITION,), PRIORITIES, STAGES, STANDINGS],
)
def test_every_word_is_explained(words):
    assert {*words} - CODE == set()


def test_every_limit_is_said_in_the_words_of_the_program():
    shown = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, flags=re.MULTILINE))
    assert {code: shown.get(code) for code in LIMITS} == LIMITS
