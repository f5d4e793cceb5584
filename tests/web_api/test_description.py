"""The description of the API, and the page on it: both say what there is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from trucewatch.app.web.api.document import OURS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "http-api.md").read_text("utf-8")
CALLS = re.findall(r"^curl [^\n]*?'(http://127\.0\.0\.1:8080[^']*)'", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def described(client):
    return client.get("/openapi.json").json()


def operations(described):
    return [
        (path, method, one)
        for path, methods in described["paths"].items()
        for method, one in methods.items()
        if path.startswith(OURS)
    ]


def test_each_operation_has_a_name_words_and_a_tag(described):
    tags = {one["name"] for one in described["tags"]}
    for path, method, one in operations(described):
        assert one["summary"].endswith((".", "`.")), path
        assert set(one["tags"]) <= tags, path
        assert one["tags"], path
        assert re.fullmatch(r"[a-z_]+", one["operationId"]), path
        assert one["security"] == ([{}, {"token": []}] if method == "get" else [{"token": []}])
        assert "422" not in one["responses"], path
    names = Counter(one["operationId"] for _, _, one in operations(described))
    assert max(names.values()) == 1
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_each_list_says_what_each_parameter_is(described):
    for path, _, one in operations(described):
        for parameter in one.get("parameters", ()):
            if parameter["in"] == "query":
                assert parameter.get("description"), (path, parameter["name"])


@pytest.mark.parametrize("call", CALLS)
def test_each_example_of_the_page_is_answered(client, described, call):
    parts = urlsplit(call)
    known = [re.sub(r"\{\w+\}", "[^/]+", path) for path in described["paths"]]
    assert any(re.fullmatch(path, parts.path) for path in known), call
    answer = client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    # An incident that an example names is one of the demonstration.
    assert answer.status_code == 200, answer.text


def test_each_list_stands_on_the_page(described):
    for path, methods in described["paths"].items():
        if path.startswith("/api/v1/") and "{" not in path and "get" in methods:
            assert any(urlsplit(call).path == path for call in CALLS), path
