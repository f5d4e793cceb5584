"""YAML as plain data that remembers on which line each value stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from trucewatch.errors import ConfigurationError

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys and places in lists, from the top."""
Form = TypeVar("Form", bound=BaseModel)

LONGEST = 2_000_000
"""Characters of a document; reading ten times as many would take minutes."""

_UNPRINTED = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_CORE = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")
_TRUTH = {"true": True, "false": False}
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be text (write it in quotes)",
    "list_type": "must be a list",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
}


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML text as plain data; `lines` maps the path of every value to its line, from 1."""

    file: str
    data: object
    lines: dict[Path, int]

    def refuse(self, path: Path, message: str) -> ConfigurationError:
        """The error to raise for the value at `path`; a missing value has its parent's line."""
        known = path
        while known not in self.lines and known:
            known = known[:-1]
        return ConfigurationError(
            message, file=self.file, line=self.lines.get(known), field=field_name(path)
        )

    def at(self, path: Path) -> object:
        """The plain value at a path; None where there is none."""
        value: Any = self.data
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def fill(self, form: type[Form]) -> Form:
        """The data as a form; the first fault in the order of the file is raised."""
        filled = self.try_fill(form)
        if isinstance(filled, list):
            raise filled[0]
        return filled

    def try_fill(self, form: type[Form]) -> Form | list[ConfigurationError]:
        """The data as a form, or else all that is wrong with it in the order of the file."""
        try:
            return form.model_validate(self.data)
        except ValidationError as fault:
            found = fault.errors()
        # Of two faults in one line an unknown key goes before a missing one: it is the slip.
        raised = [
            (
                self.refuse(
                    tuple(error["loc"]), _words(error["type"], error["msg"], error["input"])
                ),
                error["type"] == "missing",
            )
            for error in found
        ]
        raised.sort(key=lambda pair: (pair[0].line or 0, pair[1], pair[0].field))
        return [fault for fault, _ in raised]


def _words(kind: str, message: str, given: object) -> str:
    if kind == "literal_error":
        return message.replace("Input should be", "must be one of:", 1)
    if kind == "string_type" and isinstance(given, list | dict):
        return "must be one text, not a list or a mapping"
    found = _WORDS.get(kind, message.removeprefix("Value error, "))
    return found.replace("Input should", "must", 1)


def field_name(path: Path) -> str:
    """A path as people write it: `provisions[0].kinds[1]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def is_plain(text: str) -> bool:
    """Whether a text can be printed: no control characters, no half of a character."""
    return _UNPRINTED.search(text) is None


def read_document(text: str, *, file: str) -> Document:
    """Read one YAML 1.2 document.

    Dates and times stay text, as written: a naive time never gets a zone by accident. Duplicate
    keys, anchors, tags and a second document raise ConfigurationError with the line, and so does
    a text of more than two million characters: no person wrote it.
    """
    if len(text) > LONGEST:
        raise ConfigurationError(f"is longer than {LONGEST:,} characters", file=file)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = None if mark is None else mark.line + 1
        said = ", ".join(part for part in (fault.context, fault.problem) if part)
        raise ConfigurationError(f"not valid YAML: {said}", file=file, line=line) from None
    except (YAMLError, ValueError, OverflowError) as fault:
        # The parser lets out what Python says of "\\UFFFFFFFF" and of a version of many digits.
        first = str(fault).partition("\n")[0]
        raise ConfigurationError(f"not valid YAML: {first}", file=file) from None
    except RecursionError:
        raise ConfigurationError("nested too deeply", file=file) from None
    if root is None:
        raise ConfigurationError("the file is empty", file=file)
    walk = _Walk(file, {})
    data = walk.value(root, ())
    return Document(file, data, walk.lines)


class _Walk:
    """Turns the nodes of one text into plain data and notes the line of each."""

    def __init__(self, file: str, lines: dict[Path, int]) -> None:
        self.file = file
        self.lines = lines
        self._seen: set[int] = set()

    def value(self, node: Node, path: Path) -> object:
        """The node as text, number, truth value, None, list or mapping."""
        # The line of a key stays where its value begins on a later line.
        line = self.lines.setdefault(path, node.start_mark.line + 1)
        # An alias gives the same node twice; unfolding such nodes could fill the memory.
        if id(node) in self._seen:
            raise self._error("anchors and aliases are not used here; write it out", line, path)
        self._seen.add(id(node))
        tag = str(node.tag).removeprefix(_CORE)
        if isinstance(node, ScalarNode) and not is_plain(node.value):
            raise self._error("it holds characters that cannot be printed", line, path)
        if isinstance(node, MappingNode) and tag == "map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and tag == "seq":
            return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and tag in {"str", "timestamp"}:
            return str(node.value)
        if isinstance(node, ScalarNode) and tag == "null":
            return None
        if isinstance(node, ScalarNode) and tag == "bool" and node.value.lower() in _TRUTH:
            return _TRUTH[node.value.lower()]
        if isinstance(node, ScalarNode) and tag in {"int", "float"}:
            return self._number(tag, str(node.value), line, path)
        raise self._error(f"the tag {node.tag} is not used here", line, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        filled: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            plain = isinstance(key, ScalarNode) and str(key.tag) == f"{_CORE}str"
            if not plain or not is_plain(key.value):
                raise self._error("every key must be a plain word", line, path)
            here = (*path, key.value)
            if key.value in filled:
                raise self._error("this key stands here twice", line, here)
            self.lines[here] = line
            filled[key.value] = self.value(value, here)
        return filled

    def _number(self, tag: str, text: str, line: int, path: Path) -> int | float:
        if not _DECIMAL.fullmatch(text):
            raise self._error(f"write {text!r} as a plain decimal number", line, path)
        return int(text) if tag == "int" else float(text)

    def _error(self, message: str, line: int, path: Path) -> ConfigurationError:
        return ConfigurationError(message, file=self.file, line=line, field=field_name(path))
