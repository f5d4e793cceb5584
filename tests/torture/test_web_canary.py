"""Words in every secret field are in no answer to whoever may not know them, and in no log."""

from __future__ import annotations

import contextlib
import io
import logging
import shutil
import sys
from dataclasses import dataclass, replace
from urllib.parse import quote

import pyotp
import pytest
from tests.app_web.photos import CANARIES
from tests.torture.everything import INSIDE, KEEPERS, ROLES, Secrets, everything
from tests.torture.frame import row
from tests.torture.fronts import Front
from tests.torture.test_web_roles import TABLE

from trucewatch.app.web import events
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.hashing import digest
from trucewatch.app.web.accounts.noting import Access, accesses
from trucewatch.app.web.accounts.store import seconds
from trucewatch.app.web.guard import guarding
from trucewatch.app.web.policy import policy
from trucewatch.bulletins import veil

CANARY = row("canary in every secret field, asked for by every role")
WORDS = (
    "quartz", "vervain", "tamarisk", "pangolin", "obsidian", "bergamot", "zircon", "larkspur",
    "kestrel", "juniper", "saffron", "cormorant",
)  # fmt: skip
MORE = (
    "/api/v1/export/geojson", "/api/v1/export/kml", "/api/v1/export/cot", "/api/v1/export/hxl",
    "/api/v1/export/cap", "/api/v1/export/parquet", "/tiles/9/199/203.mvt",
    "/tiles/9/199/203.json", "/incidents?q={word}", "/api/v1/incidents?q={word}",
    "/incidents/{word}", "/stories/{word}", "/bulletins/{word}", "/api/v1/incidents/{word}",
    "/notices/{notice}", "/?lang=uk", "/hotline", "/reads",
)  # fmt: skip
PLACE = ("35.0217431", "-40.0131726")
TEAM = ("35.0234568", "-40.0145679")
PATROL = ("35.0198765", "-40.0187654")
EXACT = 7
"""So many characters of a place are no cell of a grid: a hundredth of a minute."""


@dataclass(frozen=True)
class Hunted:
    """A word that is looked for, and the roles that may see it on a page."""

    word: str
    may: tuple[str, ...] = ()


def secrets_of(random) -> tuple[Secrets, dict[str, Hunted]]:
    """The secrets of a mission, and what is looked for of each."""
    words = [f"{word}{random.randrange(10**6):06}" for word in random.sample(WORDS, len(WORDS))]
    told = Secrets(
        id=words[0], name=f"{words[1]} of the mill", owner=f"{words[2]} and sons",
        words=f"I saw it from the {words[3]} window", place=PLACE, desk=words[4], oidc=words[5],
        field=f"Shots from the {words[6]} pier", team=TEAM, patrol=PATROL,
        ruled=f"the {words[7]} was there", danger=f"they look for {words[8]}",
    )  # fmt: skip
    hunted = {
        "source id": Hunted(words[0]),
        "source name": Hunted(words[1]),
        "source owner": Hunted(words[2]),
        "source words": Hunted(words[3]),
        "notices": Hunted(words[4], KEEPERS),
        "secret of the provider": Hunted(words[5]),
        # What a field team sent is theirs to see again.
        "words of a field team": Hunted(words[6], (*INSIDE, "field")),
        "reason of a ruling": Hunted(words[7], INSIDE),
        "reason of an erasure": Hunted(words[8], INSIDE),
        "reason of a read": Hunted(words[9], ("lead",)),
        "password": Hunted(words[10]),
        "password mistyped": Hunted(words[11]),
        **{f"picture {number}": Hunted(word) for number, word in enumerate(CANARIES)},
    }
    # Those inside see where each account places what happened, to the metre.
    for whose, place, may in (
        ("source", PLACE, INSIDE),
        ("team", TEAM, (*INSIDE, "field")),
        ("patrol", PATROL, INSIDE),
    ):
        hunted |= {f"{whose}'s place {x}": Hunted(x[: EXACT + (x[0] == "-")], may) for x in place}
    return told, hunted


def entered(front: Front, hunted: dict[str, Hunted]) -> dict[str, Hunted]:
    """What somebody keeps secret who has an account, and its hashes; they sign in, too."""
    accounts, password = front.site.accounts, f"{hunted['password'].word} gate"
    reason = f"asked by {hunted['reason of a read'].word}"
    accounts.set_password("lou", password, how="test")
    accounts.notes.note(
        Access(what="identity", by="rob", how="test", id=front.world.names["released"],
               reason=reason)
    )  # fmt: skip
    browser = front.browser("public")
    for tried, status in ((f"{hunted['password mistyped'].word} gate", 401), (password, 303)):
        form = {"person": "lou", "password": tried, "csrf": browser.headers["X-CSRF-Token"]}
        assert browser.request("POST", "/sign-in", data=form).status_code == status
    session = browser.cookies["trucewatch"]
    front.forget("public")
    _, token = accounts.give_token("lou", frozenset({"read"}), days=1, how="test")
    hashed = accounts.store.password("lou").rpartition("$")[2]
    secret = accounts.second.propose("lou")
    code = pyotp.TOTP(secret).at(seconds(accounts.now()))
    recovery, *_ = accounts.second.confirm("lou", code, how="test")
    kept = {"hash of a password": hashed, "session": session, "token": token,
            "secret of a second factor": secret, "recovery code": recovery}  # fmt: skip
    kept |= {f"hash of a {what}": digest(kept[what])
             for what in ("session", "token", "recovery code")}  # fmt: skip
    return {what: Hunted(word) for what, word in kept.items()}


def own(front: Front, role: str) -> dict[str, Hunted]:
    """What proves that somebody is who they are: no page says it back, nor its hash."""
    found = {
        "own token": front.program(role).headers.get("Authorization", "").partition(" ")[2],
        "own session": front.browser(role).cookies.get("trucewatch", ""),
    }
    found |= {f"hash of {what}": digest(word) for what, word in found.items() if word}
    return {what: Hunted(word) for what, word in found.items() if word}


@pytest.fixture
def hunt(tmp_path):
    """Ask for everything as one role after another, and look for each word in all that came."""

    def attempt(random, number, sabotage=None, role=None):
        told, hunted = secrets_of(random)
        place = tmp_path / f"{number}"
        place.mkdir()
        printed, logger = io.StringIO(), logging.getLogger()
        handler, level = logging.StreamHandler(printed), logger.level
        # The client says what it asked for, which is not the server's doing.
        handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
        with (
            pytest.MonkeyPatch.context() as patched,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            if sabotage is not None:
                sabotage(patched)
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            try:
                world = everything(place / "m", secrets=told, articles=1 + number % 2)
                front = Front(world)
                hunted |= entered(front, hunted)
                names = {**world.names, "word": "nothing", "role": "x"}
                role = role or list(ROLES)[number % len(ROLES)]
                answers = answered(front, role, Lenient(names))
                hunted |= own(front, role)
            finally:
                logger.removeHandler(handler)
                logger.setLevel(level)
        answers["the server's output"] = printed.getvalue().encode()
        shutil.rmtree(place)
        found = hits(answers, hunted, role)
        assert not found, "; ".join(found)

    return attempt


def answered(front: Front, role: str, names: dict[str, str]) -> dict[str, bytes]:
    """Every answer to somebody with its headers, their live updates, and the file of their view."""
    asked = {road.partition(" ")[2]: told for road, told in TABLE.items() if road.startswith("GET")}
    paths = [told.get("ask", path.partition(" of ")[0]) for path, told in asked.items()
             if path != "/events"]  # fmt: skip
    answers = {}
    for path in [path.format_map(names) for path in (*paths, *MORE)]:
        caller = front.program if path.startswith(("/api", "/ogc")) else front.browser
        answer = caller(role).get(path)
        answers[path] = answer.content + repr(answer.headers).encode()
    # Whoever knew another view is told of this one at once.
    stream = front.listens(role, **{"last-event-id": "0"})
    stream.until(b"event: view")
    stream.end()
    answers["/events"] = stream.heard
    # What a back-up of this role's view would hold.
    view = front.view(role)
    answers["the view's file"] = b"".join(
        raw for path in (front.world.folder / "views").glob("*.db")
        if view.digest.encode() in (raw := path.read_bytes())
    )  # fmt: skip
    assert answers["the view's file"]
    return answers


def hits(answers: dict[str, bytes], hunted: dict[str, Hunted], role: str) -> list[str]:
    """What was found of the words that a role may not see, as they are or as in an address."""
    return [
        f"{what} in {path} for {role}"
        for what, one in hunted.items()
        if role not in one.may
        for path, raw in answers.items()
        if any(word.encode() in raw for word in {one.word, quote(one.word)})
    ]


class Lenient(dict):
    """Names for what a mission may not have."""

    def __missing__(self, key):
        return "none"


@CANARY.tries(parts=2)
def test_no_canary_is_answered(torture, hunt):
    torture(hunt)


@CANARY.saboteur("a veil that is open", tries=4, share=0.7)
def test_an_open_veil_is_caught(torture, hunt):
    real = veil.Veil.__init__

    def opened(self, sources, *more):
        real(self, tuple(replace(one, sealed=False) for one in sources), *more)

    def sabotage(patched):
        patched.setattr(veil.Veil, "__init__", opened)

    torture(lambda random, number: hunt(random, number, sabotage))


@CANARY.saboteur("a server that writes down what it is sent", tries=4, share=0.9)
def test_a_server_that_writes_down_secrets_is_caught(torture, hunt):
    real = Accounts.viewer

    def telling(self, call):
        words = (self.settings.now().oidc, (self.folder / "oidc.secret").read_text("utf-8"))
        logging.getLogger("trucewatch.web").warning("asked: %s", words)
        return real(self, call)

    torture(
        lambda random, number: hunt(
            random, number, lambda patched: patched.setattr(Accounts, "viewer", telling)
        )
    )


def shows_all_what_is_inside(patched):
    rules = policy()
    for name, role in rules.roles.items():
        patched.setitem(rules.roles, name, role.model_copy(update={"inside": True}))
    for name, field in rules.fields.items():
        if "analyst" in field.exact:
            patched.setitem(rules.fields, name, field.model_copy(update={"exact": ("*",)}))


def tells_listeners_who_looked(patched):
    real = events._news

    def telling(site, viewer, seen, *, inside):
        yield from real(site, viewer, seen, inside=inside)
        yield events._event("work", {"words": [one.reason for one in accesses(site.folder)]})

    patched.setattr(events, "_news", telling)


def tells_a_hash_of_the_session(patched):
    real = guarding.Guard._dress

    def dressed(self, message, request, web):
        real(self, message, request, web)
        session = request.cookies.get("trucewatch", "")
        message["headers"].append((b"x-who", digest(session).encode()))

    patched.setattr(guarding.Guard, "_dress", dressed)


def prints_what_is_typed(patched):
    real = Accounts.sign_in

    def telling(self, person, password, **more):
        sys.stdout.write(f"{person} typed {password}")
        return real(self, person, password, **more)

    patched.setattr(Accounts, "sign_in", telling)


def writes_down_a_second_factor(patched):
    real = Accounts.viewer

    def telling(self, call):
        found = self.store.factor("lou")
        logging.getLogger("trucewatch.web").warning("asked: %s", found and found.secret)
        return real(self, call)

    patched.setattr(Accounts, "viewer", telling)


TELLTALES = {
    "reason of a ruling": shows_all_what_is_inside,
    "team's place": shows_all_what_is_inside,
    "reason of a read": tells_listeners_who_looked,
    "hash of own session": tells_a_hash_of_the_session,
    "password": prints_what_is_typed,
    "secret of a second factor": writes_down_a_second_factor,
}
"""What each tells an observer, and so is to be caught at."""


@CANARY.saboteur("tells one secret: a reason, a place, a hash, a password", tries=6, share=0.99)
def test_whoever_tells_one_secret_is_caught(torture, hunt):
    def attempt(random, number):
        what = [*TELLTALES][number % len(TELLTALES)]
        try:
            hunt(random, number, TELLTALES[what], role="observer")
        except AssertionError as found:
            # Another leak than its own would show nothing of this canary.
            if what in str(found):
                raise

    torture(attempt)
