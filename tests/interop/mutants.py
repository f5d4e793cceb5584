"""What can be wrong with a proof, each kind by its words. Some of it is harmless, and must pass."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.interop.proofs import (
    LOG,
    OLD_LOG,
    OTHER_LOG,
    STATES,
    STRANGER,
    UMLAUT,
    Case,
    Parts,
    depth,
    encoded,
    leaf,
    parts,
    with_path,
    witnessed,
)

Mutate = Callable[[Random], Case]
MUTANTS: dict[str, Mutate] = {}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def kind(words: str) -> Callable[[Mutate], Mutate]:
    def keep(mutate: Mutate) -> Mutate:
        MUTANTS[words] = lambda random: replace(mutate(random), kind=words)
        return mutate

    return keep


def flipped(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def whole(made: Parts) -> str:
    return made.case().data.decode()


def written(made: Parts, text: str | bytes) -> Case:
    return made.written("", text)


def with_line(made: Parts, old: str, new: str) -> Case:
    """The proof with one line replaced, signatures as they were."""
    text = whole(made)
    assert f"\n{old}\n" in text
    return written(made, text.replace(f"\n{old}\n", f"\n{new}\n", 1))


def signature_lines(made: Parts) -> list[str]:
    return made.note().rpartition("\n\n")[2].splitlines()


def with_signatures(made: Parts, lines: list[str]) -> Case:
    below = "".join(f"{line}\n" for line in lines)
    return written(made, f"{made.head()}\n{made.text()}\n{below}")


def changed_blob(line: str, change: Callable[[bytes], bytes]) -> str:
    dash, name, blob = line.split(" ")
    return f"{dash} {name} {encoded(change(base64.b64decode(blob)))}"


@kind("a bit of the leaf")
def _(random: Random) -> Case:
    made = parts(random)
    other = flipped(made.leaf, random)
    return with_line(made, f"extra {encoded(made.leaf)}", f"extra {encoded(other)}")


@kind("another index")
def _(random: Random) -> Case:
    made = parts(random)
    other = random.choice((made.index ^ 1 << random.randrange(8), made.index + 1, made.size))
    return with_line(made, f"index {made.index}", f"index {other}")


@kind("another size")
def _(random: Random) -> Case:
    made = parts(random)
    other = made.size ^ 1 << random.randrange(8)
    text = made.note().replace(f"\n{made.size}\n", f"\n{other}\n", 1)
    return written(made, f"{made.head()}\n{text}")


@kind("another size, signed")
def _(random: Random) -> Case:
    made = with_path(random)
    return replace(made, digits=str(made.size + random.choice((-1, 1, made.size)))).case()


@kind("a bit of the root")
def _(random: Random) -> Case:
    made = parts(random)
    return with_line(made, encoded(made.root()), encoded(flipped(made.root(), random)))


@kind("a bit of a hash")
def _(random: Random) -> Case:
    made = with_path(random)
    one = random.choice(made.hashes)
    return with_line(made, encoded(one), encoded(flipped(one, random)))


@kind("a bit of the log's signature")
def _(random: Random) -> Case:
    made = parts(random)
    first, *others = signature_lines(made)
    return with_signatures(made, [changed_blob(first, lambda b: flipped(b, random)), *others])


@kind("a bit of a cosignature")
def _(random: Random) -> Case:
    made = witnessed(random)
    lines = signature_lines(made)
    at = random.randrange(1, len(lines))
    lines[at] = changed_blob(lines[at], lambda b: flipped(b, random))
    return with_signatures(made, lines)


@kind("a bit anywhere in the file")
def _(random: Random) -> Case:
    made = parts(random)
    return written(made, flipped(made.case().data, random))


@kind("a byte gone, doubled or cut off")
def _(random: Random) -> Case:
    made = parts(random)
    data = made.case().data
    at = random.randrange(len(data))
    return written(
        made,
        random.choice(
            (data[:at] + data[at + 1 :], data[:at] + data[at : at + 1] + data[at:], data[:at])
        ),
    )


def _with_path(made: Parts, path: list[bytes]) -> Case:
    """Another path above a checkpoint that says what it said."""
    return written(made, f"{replace(made, hashes=tuple(path)).head()}\n{made.note()}")


@kind("a hash dropped")
def _(random: Random) -> Case:
    made = with_path(random)
    at = random.randrange(len(made.hashes))
    return _with_path(made, [*made.hashes[:at], *made.hashes[at + 1 :]])


@kind("a hash added")
def _(random: Random) -> Case:
    made = parts(random)
    path = list(made.hashes)
    path.insert(random.randrange(len(path) + 1), random.choice((random.randbytes(32), made.root())))
    return _with_path(made, path)


@kind("a hash added, and the root signed that it leads to")
def _(random: Random) -> Case:
    made = with_path(random)
    path = [*made.hashes, random.randbytes(32)]
    return replace(made, hashes=tuple(path)).case()


@kind("two hashes swapped")
def _(random: Random) -> Case:
    made = with_path(random)
    path = list(made.hashes)
    one, other = random.sample(range(len(path)), 2)
    path[one], path[other] = path[other], path[one]
    return _with_path(made, path)


@kind("a hash doubled")
def _(random: Random) -> Case:
    made = with_path(random)
    at = random.randrange(len(made.hashes))
    return _with_path(made, [*made.hashes[:at], made.hashes[at], *made.hashes[at:]])


@kind("a hash of another length")
def _(random: Random) -> Case:
    made = with_path(random)
    one = random.choice(made.hashes)
    other = random.choice((one[:31], one + b"\0", b"", one[:16]))
    return with_line(made, encoded(one), encoded(other) or "=")


@kind("another origin")
def _(random: Random) -> Case:
    made = parts(random)
    other = random.choice(
        ("example.org/other", "example.org", "Example.org/proofs", "example.org/proofs/")
    )
    return written(made, whole(made).replace(f"\n{LOG.name}\n", f"\n{other}\n", 1))


@kind("another origin, signed by the log's key")
def _(random: Random) -> Case:
    made = parts(random)
    text = made.text().replace(LOG.name, "example.org/other", 1)
    return written(made, f"{made.head()}\n{text}\n{LOG.line(text)}")


@kind("another key under the log's name")
def _(random: Random) -> Case:
    made = parts(random)
    return replace(replace(made, log=OLD_LOG).case(), logs=(LOG.vkey,))


@kind("another key under the log's name and id")
def _(random: Random) -> Case:
    made = parts(random)
    line = changed_blob(OLD_LOG.line(made.text()).rstrip("\n"), lambda b: LOG.id + b[4:])
    return with_signatures(made, [line, *signature_lines(made)[1:]])


@kind("several keys of a log")
def _(random: Random) -> Case:
    made = replace(parts(random), log=random.choice((LOG, OLD_LOG, OTHER_LOG)))
    keys = random.sample([LOG.vkey, OLD_LOG.vkey, OTHER_LOG.vkey], random.randrange(4))
    return replace(made.case(), logs=(*keys, *keys[:1]))


def _loosened(text: str, random: Random) -> str:
    """The same bytes in another spelling of base64, or nearly."""
    bare = text.rstrip("=")
    if len(bare) < len(text) and random.random() < 0.6:
        last = ALPHABET.index(bare[-1]) | random.choice(
            (1, 2, 3) if text[-2] != "=" else (1, 8, 15)
        )
        return bare[:-1] + ALPHABET[last] + text[len(bare) :]
    at = random.randrange(len(text))
    return random.choice(
        (
            f"{bare}=" if bare == text else bare,
            f"{text}=",
            f"{text[:at]}-{text[at + 1 :]}",
            f"{text[:at]} {text[at:]}",
            f"{text[:at]}\r{text[at:]}",
            f"{text[:at]}\n{text[at:]}",
            f"{text[:at]}={text[at:]}",
            f"{text} ",
            f"{text}\t",
            f"{text}\x0b",
        )
    )


@kind("base64 of another spelling in a hash")
def _(random: Random) -> Case:
    made = with_path(random)
    one = encoded(random.choice(made.hashes))
    return with_line(made, one, _loosened(one, random))


@kind("base64 of another spelling in the leaf")
def _(random: Random) -> Case:
    made = parts(random)
    one = encoded(made.leaf)
    return with_line(made, f"extra {one}", f"extra {_loosened(one, random)}")


@kind("base64 of another spelling in a signature")
def _(random: Random) -> Case:
    made = parts(random)
    lines = signature_lines(made)
    at = random.randrange(len(lines))
    front, _, blob = lines[at].rpartition(" ")
    lines[at] = f"{front} {_loosened(blob, random)}"
    return with_signatures(made, lines)


@kind("base64 of another spelling in the root, signed")
def _(random: Random) -> Case:
    made = parts(random)
    root = encoded(made.root())
    text = made.text().replace(root, _loosened(root, random))
    return written(made, f"{made.head()}\n{text}\n{made.log.line(text)}")


@kind("line ends of another system")
def _(random: Random) -> Case:
    made = parts(random)
    lines = whole(made).split("\n")
    at = random.randrange(len(lines) - 1)
    one = "\n".join((*lines[:at], f"{lines[at]}\r", *lines[at + 1 :]))
    return written(
        made, random.choice((one, "\r\n".join(lines), "\r".join(lines), "\u2028".join(lines)))
    )


@kind("rubbish behind the end")
def _(random: Random) -> Case:
    made = parts(random)
    more = ("\n", " ", "x", "\n\n", "\0", "x\n", "— \n", " \n", "— a b\n", "\u00a0\n", "— a AAAA\n")
    return written(made, whole(made) + random.choice(more))


@kind("rubbish before the beginning")
def _(random: Random) -> Case:
    made = parts(random)
    return written(made, random.choice(("\ufeff", "\n", " ", "x", "\0", "#\n")) + whole(made))


@kind("leading zeros and signs in the index")
def _(random: Random) -> Case:
    made = parts(random)
    other = random.choice(
        ("0{}", "00{}", "+{}", "-{}", " {}", "{} ", "{}.0", "{}e0", "0x{}", "{}_0", "")
    )
    return with_line(made, f"index {made.index}", f"index {other.format(made.index)}")


@kind("leading zeros and signs in the size, signed")
def _(random: Random) -> Case:
    made = parts(random)
    other = random.choice(("0{}", "00{}", "+{}", "-{}", " {}", "{} ", "{}.0", "{}e0", "0x{}"))
    return replace(made, digits=other.format(made.size)).case()


HUGE = (
    2**63 - 1,
    2**63,
    2**63 + 1,
    2**64 - 1,
    2**64,
    2**64 + 1,
    10**19 - 1,
    10**19,
    10**40,
    2**53 + 1,
)


@kind("a huge index")
def _(random: Random) -> Case:
    made = parts(random)
    other = random.choice((*HUGE, made.index + 2**64, made.index + 2**32, made.index + 2**53))
    return with_line(made, f"index {made.index}", f"index {other}")


@kind("a huge size, signed, with the path for it")
def _(random: Random) -> Case:
    size = random.choice(HUGE[:8])
    index = random.choice((0, size - 1, random.randrange(size)))
    made = parts(random)
    path = tuple(random.randbytes(32) for _ in range(depth(index, size)))
    return replace(made, size=size, index=index, hashes=path).case()


@kind("an empty line")
def _(random: Random) -> Case:
    made = parts(random)
    lines = whole(made).split("\n")
    at = random.randrange(len(lines))
    return written(made, "\n".join((*lines[:at], "", *lines[at:])))


@kind("a line gone or doubled")
def _(random: Random) -> Case:
    made = parts(random)
    lines = whole(made).split("\n")[:-1]
    at = random.randrange(len(lines))
    kept = random.choice(([*lines[:at], *lines[at + 1 :]], [*lines[: at + 1], *lines[at:]]))
    return written(made, "\n".join((*kept, "")))


@kind("two lines swapped")
def _(random: Random) -> Case:
    made = parts(random)
    lines = whole(made).split("\n")[:-1]
    one, other = random.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return written(made, "\n".join((*lines, "")))


@kind("no line break at the end")
def _(random: Random) -> Case:
    made = parts(random)
    return written(made, whole(made)[:-1])


@kind("a repeated signature of the log")
def _(random: Random) -> Case:
    made = parts(random)
    first, *others = signature_lines(made)
    bad = changed_blob(first, lambda b: b[:4] + flipped(b[4:], random))
    order = random.choice(([first, first], [first, bad], [bad, first], [first, bad, first]))
    return with_signatures(made, [*order, *others])


@kind("a repeated cosignature")
def _(random: Random) -> Case:
    made = witnessed(random)
    lines = signature_lines(made)
    signer, at = made.signed[0]
    again = signer.line(made.text(), random.choice((at, at + 1, at - 1, at // 2))).rstrip("\n")
    bad = changed_blob(again, lambda b: b[:4] + flipped(b[4:], random))
    more = random.choice(([again], [bad], [again, bad], [lines[1]] * 5))
    return with_signatures(made, random.choice(([*lines, *more], [lines[0], *more, *lines[1:]])))


@kind("a cosignature of an odd time, signed")
def _(random: Random) -> Case:
    made = witnessed(random)
    signer, _ = made.signed[0]
    times = (0, 1, 253402300799, 253402300800, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1)
    return replace(made, signed=((signer, random.choice(times)), *made.signed[1:])).case()


@kind("a quorum one short")
def _(random: Random) -> Case:
    made = witnessed(random)
    count = sum(one in made.witnesses for one, _ in made.signed)
    return replace(made, quorum=count + 1).case()


@kind("a cosignature left out")
def _(random: Random) -> Case:
    made = witnessed(random)
    lines = signature_lines(made)
    del lines[random.randrange(1, len(lines))]
    return with_signatures(made, lines)


@kind("a cosignature of another checkpoint")
def _(random: Random) -> Case:
    made = witnessed(random)
    signer, at = made.signed[0]
    lines = signature_lines(made)
    lines[1] = signer.line(made.text().replace("\n", "\n ", 1), at).rstrip("\n")
    return with_signatures(made, lines)


@kind("a witness's key that signed as a log would")
def _(random: Random) -> Case:
    made = witnessed(random)
    signer, at = made.signed[0]
    lines = signature_lines(made)
    blob = signer.id + base64.b64decode(lines[1].split(" ")[2])[12:]
    lines[1] = random.choice(
        (
            f"— {signer.name} {encoded(blob)}",
            f"— {signer.name} {encoded(signer.id + b'short')}",
            f"— {LOG.name} {encoded(LOG.id + at.to_bytes(8, 'big') + blob[4:])}",
        )
    )
    return with_signatures(made, lines)


@kind("signatures of keys that nobody asked about")
def _(random: Random) -> Case:
    made = parts(random)
    lines = signature_lines(made)
    strange = random.choice(
        (
            STRANGER.line(made.text(), 5).rstrip("\n"),
            f"— {STRANGER.name} {encoded(random.randbytes(random.randrange(5, 3000)))}",
            f"— {STATES[0].name} {encoded(random.randbytes(76))}",
            f"— {STRANGER.name} {encoded(random.randbytes(random.randrange(5)))}",
        )
    )
    lines.insert(random.randrange(len(lines) + 1), strange)
    return with_signatures(made, lines)


LOOKALIKES = (
    ("—", "-"), ("—", "–"), ("—", "―"), ("— ", "—\u00a0"), ("— ", "—  "), ("—", "\u2014\u200b"),
    ("index ", "іndex "), ("index ", "index\u00a0"), ("index ", "Index "), ("index ", "index\t"),
    ("extra ", "ехtra "), ("extra ", "extra\u2003"), ("c2sp", "с2sp"), ("@v1", "@v１"),
    ("example.org", "exаmple.org"), ("example.org", "example。org"), ("=\n", "＝\n"),
    ("\n\n", "\n\u200b\n"), ("\n", "\u2028"), ("\n", "\x85"), ("\n\n", "\n \n"), ("v1\n", "v1 \n"),
    ("example.org/proofs ", "example.org/proofs\u200b "), ("@v1", "@V1"), ("@v1", "@v2"),
)  # fmt: skip


@kind("signs that look alike")
def _(random: Random) -> Case:
    made = parts(random)
    old, new = random.choice(LOOKALIKES)
    return written(made, whole(made).replace(old, new, random.choice((1, -1))))


@kind("digits that look alike, signed")
def _(random: Random) -> Case:
    made = parts(random)
    zero = random.choice((0x660, 0x966, 0xFF10, 0x1D7CE))
    digits = "".join(chr(zero + int(one)) for one in str(made.size))
    if random.random() < 0.5:
        return replace(made, digits=digits).case()
    other = "".join(chr(zero + int(one)) for one in str(made.index))
    return with_line(made, f"index {made.index}", f"index {other}")


@kind("a name composed otherwise")
def _(random: Random) -> Case:
    made = replace(parts(random), witnesses=(UMLAUT,), signed=((UMLAUT, 1_800_000_000),), quorum=1)
    return written(made, unicodedata.normalize(random.choice(("NFD", "NFC")), whole(made)))


@kind("lines that mean nothing, signed")
def _(random: Random) -> Case:
    made = parts(random)
    more = (
        "a\n",
        "a\nb\n",
        "\n",
        "a\n\n",
        " \n",
        "\t\n",
        "\x7f\n",
        "é\u2028\n",
        "— a AAAAAAA=\n",
        "\x85\n",
        "a\r\n",
        "\0\n",
    )
    return replace(made, extension=random.choice(more)).case()


@kind("not UTF-8, or a control sign")
def _(random: Random) -> Case:
    made = parts(random)
    data = made.case().data
    at = random.randrange(len(data))
    bad = (
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x00",
        b"\x1f",
        b"\x0c",
        b"\xe2\x80",
    )
    return written(made, data[:at] + random.choice(bad) + data[at:])


@kind("more than any log has")
def _(random: Random) -> Case:
    made = parts(random)
    lines = signature_lines(made)
    strange = STRANGER.line(made.text(), 5).rstrip("\n")
    choice = random.randrange(6)
    if choice < 2:
        return with_signatures(made, [*lines, *[strange] * (100 + choice - len(lines))])
    if choice == 2:
        return replace(made, leaf=made.leaf + b" " * 65_536).case()
    if choice == 3:
        return replace(made, extension=f"{'x' * (1 << 18)}\n").case()
    if choice == 4:
        path = [random.randbytes(32) for _ in range(random.choice((63, 64, 65)))]
        return _with_path(made, path)
    return with_line(made, f"index {made.index}", f"index {'9' * 300_000}")


@kind("a leaf of another form, signed")
def _(random: Random) -> Case:
    change = random.choice(
        (
            {"kind": '"rumour"'}, {"length": '"-1"'}, {"sequence": '"-1"'}, {"uncertainty": '"-1"'},
            {"length": '"01"'}, {"length": "1"}, {"v": "2"}, {"v": "1.0"}, {"v": "1 "},
            {"received": '"1e9"'}, {"payload": f'"{"A" * 64}"'}, {"payload": f'"{"a" * 63}"'},
            {"previous": '""'}, {"policy": "null"}, {"w": "1"}, {"clock": '"-0"'},
            {"length": '"٣"'},
            {"received": '"' + "9" * 31 + '"'}, {"received": '"' + "9" * 32 + '"'},
            {"clock": '"-' + "9" * 31 + '"'}, {"previous": "null"}, {"received": '"-5"'},
        )
    )  # fmt: skip
    made = replace(parts(random), leaf=leaf(random, **change))
    return made.case()


@kind("bytes that are no leaf, signed")
def _(random: Random) -> Case:
    made = parts(random)
    other = (b"", b"{}", b"\xff\xfe", made.leaf + b"\n", made.leaf * 2, b" " + made.leaf, b"null")
    return replace(made, leaf=random.choice(other)).case()


SMALL_ORDER = (
    "01" + "00" * 31,
    "00" * 31 + "80",
    "00" * 32,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ee" + "ff" * 31,
)


@kind("keys that are none")
def _(random: Random) -> Case:
    made = witnessed(random)
    case = made.case()
    name, stated, key = (case.logs[0] if random.random() < 0.5 else case.witnesses[0]).split("+", 2)
    material = bytes([made.log.material[0]]) + bytes.fromhex(random.choice(SMALL_ORDER))
    spelled = hashlib.sha256(f"{name}\n".encode() + material).digest()[:4].hex()
    bad = random.choice(
        (
            f"{name}+{stated.upper()}+{key}", f"{name}+{stated}+{key}=",
            f"{name}+{stated}", f"{name}++{key}", f"+{stated}+{key}", f"a{name}+{stated}+{key}",
            f"{name}+{spelled}+{encoded(material)}", f"{name}+0{stated}+{key}",
            STATES[0].vkey, LOG.vkey, f"{name}+{stated}+{key[:-4]}",
            f"{name}x\u3000+{stated}+{key}",
        )
    )  # fmt: skip
    if random.random() < 0.5:
        return replace(case, logs=(bad,))
    return replace(case, witnesses=(bad, *case.witnesses[1:]))


# The neutral point: whatever the message, R = B with S = 1 is a signature under it.
NEUTRAL = bytes.fromhex("01" + "00" * 31)
FORGED = bytes.fromhex("58" + "66" * 31 + "01" + "00" * 31)


@kind("a signature that anybody can make")
def _(random: Random) -> Case:
    made = parts(random)
    name, tag, time = random.choice(
        ((LOG.name, b"\1", b""), ("forged.example/w", b"\4", (1_800_000_000).to_bytes(8, "big")))
    )
    material = tag + NEUTRAL
    stated = hashlib.sha256(f"{name}\n".encode() + material).digest()[:4]
    key = f"{name}+{stated.hex()}+{encoded(material)}"
    line = f"— {name} {encoded(stated + time + FORGED)}"
    case = with_signatures(made, [*signature_lines(made), line])
    if tag == b"\1":
        return replace(case, logs=(key,))
    cosigned = sum(one in made.witnesses for one, _ in made.signed)
    return replace(case, witnesses=(*case.witnesses, key), quorum=cosigned + 1)


@kind("a policy that contradicts itself")
def _(random: Random) -> Case:
    made = witnessed(random)
    case = made.case()
    count = len(case.witnesses)
    return random.choice(
        (
            replace(case, witnesses=(*case.witnesses, case.witnesses[0])),
            replace(case, quorum=count + 1),
            replace(case, quorum=-1),
            replace(case, logs=()),
            replace(case, witnesses=(*case.witnesses, LOG.vkey)),
            replace(case, logs=(*case.logs, STATES[0].vkey)),
        )
    )
