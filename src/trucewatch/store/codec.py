"""The nouns as data that JSON can carry, and back, without loss.

The form follows the fields of the dataclasses and their type hints, so that a new field needs no
code here. Equal nouns give equal data, and `decode(type(noun), encode(noun)) == noun`.

| in the noun | in the data |
|---|---|
| datetime | ISO 8601 in UTC, "2026-04-12T06:00:00Z" |
| date | "2026-04-12" |
| enum | its value |
| float | a number; "inf", "-inf" or "nan" where JSON has none |
| tuple | a list |
| one of several dataclasses | the fields, and "type", the name of the class |
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import trucewatch.model
from trucewatch.store.leaves import LEAVES, Form, unlike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Noun = TypeVar("Noun")

# The names that model modules import for type checkers alone.
_NAMES = {**vars(trucewatch.model), "date": date, "datetime": datetime, "timedelta": timedelta}
_TAG = "type"


def encode(noun: object) -> dict[str, object]:
    """The noun's fields, in their order, as data for JSON.

    Raises ValueError, naming the field, where a value is not of the type that its field declares:
    a time without an offset or a number of some array library must not be stored as if it were.
    """
    return cast("dict[str, object]", _dataclass(cast("type", type(noun)))[0](noun))


def decode(cls: type[Noun], data: Mapping[str, object]) -> Noun:
    """The noun that `encode` made the data of.

    Raises ValueError for a field that `cls` does not know, for a missing field that has no
    default, and for a value of another type.
    """
    return cast("Noun", _dataclass(cast("type", cls))[1](data))


def to_text(noun: object) -> str:
    """One line of JSON in ASCII: equal nouns give equal text, which any engine can hold."""
    return json.dumps(encode(noun), separators=(",", ":"), allow_nan=False)


def from_text(cls: type[Noun], text: str) -> Noun:
    """The noun that `to_text` made the text of; ValueError for anything else."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return decode(cls, data)


def fingerprint(classes: Iterable[type]) -> str:
    """A digest of the form of these nouns, which changes with every field or type in them."""
    return _fingerprint(tuple(classes))


@cache
def _fingerprint(classes: tuple[type, ...]) -> str:
    """Worked out once: classes do not change, and a store asks each time that it is opened."""
    lines: dict[str, list[str]] = {}
    waiting: list[object] = list(classes)
    while waiting:
        hint = waiting.pop()
        waiting.extend(get_args(hint))
        if not isinstance(hint, type) or hint.__qualname__ in lines:
            continue
        if dataclasses.is_dataclass(hint):
            hints = get_type_hints(hint, localns=_NAMES)
            names = [field.name for field in dataclasses.fields(hint)]
            lines[hint.__qualname__] = [f"{name}: {hints[name]!s}" for name in names]
            waiting.extend(hints[name] for name in names)
        elif issubclass(hint, Enum):
            lines[hint.__qualname__] = [repr(member.value) for member in hint]
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()


@cache
def _dataclass(cls: type) -> Form:
    """Both directions for one dataclass; worked out once."""
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"{cls.__name__} is no noun")
    hints = get_type_hints(cls, localns=_NAMES)
    fields = dataclasses.fields(cls)
    names = tuple(field.name for field in fields)
    encoders = tuple(_form(hints[name])[0] for name in names)
    decoders = {name: _form(hints[name])[1] for name in names}
    required = frozenset(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    # attrgetter of one name gives the value itself, not a tuple of one.
    values: Callable[[object], tuple[object, ...]]
    values = attrgetter(*names) if len(names) > 1 else lambda noun: (getattr(noun, names[0]),)

    def to_data(noun: object) -> object:
        if type(noun) is not cls:
            raise unlike(cls.__name__, noun)
        data: dict[str, object] = {}
        for name, encoder, value in zip(names, encoders, values(noun), strict=True):
            try:
                data[name] = encoder(value)
            except ValueError as error:
                raise ValueError(f"{cls.__name__}.{name}: {error}") from error
        return data

    def from_data(data: object) -> object:
        if type(data) is not dict:
            raise unlike(f"the fields of {cls.__name__}", data)
        found: dict[str, object] = {}
        for name, value in data.items():
            decoder = decoders.get(name)
            if decoder is None:
                raise ValueError(f"{cls.__name__} has no field {name!r}")
            try:
                found[name] = decoder(value)
            except ValueError as error:
                raise ValueError(f"{cls.__name__}.{name}: {error}") from error
        if len(found) < len(names) and (missing := required - found.keys()):
            raise ValueError(f"{cls.__name__} lacks {', '.join(sorted(missing))}")
        return cls(**found)

    return to_data, from_data


def _form(hint: object) -> Form:
    """Both directions for one type hint; TypeError for a hint that no noun has had so far."""
    plain = LEAVES.get(cast("type", hint))
    if plain is not None:
        return plain
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint))
    if get_origin(hint) in {Union, UnionType}:
        return _union(get_args(hint))
    raise TypeError(f"nothing is known of how to store {hint!r}")


def _enum(cls: type[Enum]) -> Form:
    members = {member.value: member for member in cls}

    def to_data(value: object) -> object:
        if not isinstance(value, cls):
            raise unlike(cls.__name__, value)
        return value.value

    def from_data(value: object) -> object:
        if not isinstance(value, str) or value not in members:
            raise unlike(cls.__name__, value)
        return members[value]

    return to_data, from_data


def _tuple(hints: tuple[object, ...]) -> Form:
    if len(hints) == 2 and hints[1] is Ellipsis:
        each_to, each_from = _form(hints[0])

        def many_to_data(value: object) -> object:
            return [each_to(item) for item in _sequence(value, tuple)]

        def many_from_data(value: object) -> object:
            return tuple([each_from(item) for item in _sequence(value, list)])

        return many_to_data, many_from_data

    forms = [_form(hint) for hint in hints]

    def to_data(value: object) -> object:
        return [form[0](item) for form, item in zip(forms, _sequence(value, tuple), strict=True)]

    def from_data(value: object) -> object:
        items = _sequence(value, list)
        return tuple([form[1](item) for form, item in zip(forms, items, strict=True)])

    return to_data, from_data


def _sequence(value: object, cls: type) -> Iterable[object]:
    if type(value) is not cls:
        raise unlike(f"a {cls.__name__}", value)
    return cast("Iterable[object]", value)


def _union(hints: tuple[object, ...]) -> Form:
    optional = NoneType in hints
    others = [hint for hint in hints if hint is not NoneType]
    one_to, one_from = _form(others[0]) if len(others) == 1 else _tagged(others)
    if not optional:
        return one_to, one_from
    return (
        lambda value: None if value is None else one_to(value),
        lambda value: None if value is None else one_from(value),
    )


def _tagged(hints: list[object]) -> Form:
    """One of several dataclasses, told apart by "type"."""
    forms: dict[str, Form] = {}
    for hint in hints:
        if not (isinstance(hint, type) and dataclasses.is_dataclass(hint)):
            raise TypeError(f"only dataclasses can be told apart, not {hint!r}")
        if _TAG in {field.name for field in dataclasses.fields(hint)}:
            raise TypeError(f"{hint.__name__} has a field {_TAG!r}, which tells classes apart")
        forms[hint.__name__] = _dataclass(hint)
    choice = " or ".join(forms)

    def to_data(value: object) -> object:
        name = type(value).__name__
        if name not in forms:
            raise unlike(choice, value)
        return {_TAG: name, **cast("dict[str, object]", forms[name][0](value))}

    def from_data(value: object) -> object:
        name = value.get(_TAG) if type(value) is dict else None
        if type(value) is not dict or not isinstance(name, str) or name not in forms:
            raise unlike(choice, value)
        return forms[name][1]({k: v for k, v in value.items() if k != _TAG})

    return to_data, from_data
