"""schemathesis over the whole API: what is described is what is answered, to anybody and a lead.

Every route of the description is tried with data that is right and data that is wrong, and every
check holds. Left out are events, an answer that has no end, and what only forms of pages use.
"""

from __future__ import annotations

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES = 8
LEFT_OUT = re.compile(r"^/events")


@schemathesis.hook
def filter_query(_, query):
    """What a schema cannot say: days run forwards, and few years have a 29th of February."""
    first, last = (query or {}).get("first"), (query or {}).get("last")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        return False
    times = (query or {}).get("datetime")
    return not (isinstance(times, str) and ("/" in times or "-02-29" in times))


@pytest.fixture(scope="module")
def described(server):
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


def operations(schema):
    return [one.ok() for one in schema.get_all_operations() if not LEFT_OUT.match(one.ok().path)]


def left_out(operation):
    """The checks that do not fit: whether an act is possible hangs on the log, not on its form."""
    return [] if operation.method == "get" else [positive_data_acceptance]


def tried(operation, mode, headers):
    @given(case=operation.as_strategy(generation_mode=mode, headers=headers))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(case):
        case.call_and_validate(headers=headers, excluded_checks=left_out(operation))

    one()


@pytest.mark.parametrize("who", ["public", "lead"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_route_answers_as_it_is_described(described, token, who, mode):
    headers = token if who == "lead" else {}
    faults, done = [], 0
    for operation in operations(described):
        if mode is GenerationMode.NEGATIVE and not _has_parameters(operation):
            continue
        try:
            tried(operation, mode, headers)
        except Unsatisfiable:
            # Any text fits its one parameter: nothing wrong can be said.
            continue
        except BaseExceptionGroup as found:
            faults.append(f"{operation.label}: {found} {found.exceptions}")
        done += 1
    assert not faults, "\n\n".join(faults)
    assert done >= (40 if mode is GenerationMode.POSITIVE else 20)


def _has_parameters(operation):
    return any(True for _ in operation.iter_parameters())
