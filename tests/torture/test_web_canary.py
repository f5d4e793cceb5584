"""Words in every secret field are in no answer to whoever may not know them, and in no log."""

from __future__ import annotations

import logging
import shutil

import pytest
from tests.app_web.photos import CANARIES
from tests.torture.everything import KEEPERS, OUTSIDE, ROLES, Secrets, everything
from tests.torture.frame import row
from tests.torture.fronts import Front
from tests.torture.test_web_roles import TABLE

from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.bulletins import veil

CANARY = row("canary in every secret field, asked for by every role")
WORDS = ("quartz", "vervain", "tamarisk", "pangolin", "obsidian", "bergamot", "zircon")
MORE = (
    "/api/v1/export/geojson", "/api/v1/export/kml", "/api/v1/export/cot", "/api/v1/export/hxl",
    "/api/v1/export/cap", "/tiles/9/199/203.mvt", "/tiles/9/199/203.json", "/incidents?q={word}",
    "/api/v1/incidents?q={word}", "/incidents/{word}", "/stories/{word}", "/bulletins/{word}",
    "/api/v1/incidents/{word}", "/notices/{notice}", "/?lang=uk", "/hotline", "/reads",
)  # fmt: skip
PLACE = ("35.0217431", "-40.0131726")


def secrets_of(random) -> tuple[Secrets, dict[str, tuple[str, tuple[str, ...]]]]:
    """The secrets of a mission, and for each its word and the roles that may see it on a page."""
    words = [f"{word}{random.randrange(10**6):06}" for word in random.sample(WORDS, 7)]
    told = Secrets(
        id=words[0], name=f"{words[1]} of the mill", owner=f"{words[2]} and sons",
        words=f"I saw it from the {words[3]} window", place=PLACE, desk=words[4], oidc=words[5],
        field=f"Shots from the {words[6]} pier",
    )  # fmt: skip
    inside = tuple(role for role in ROLES if role not in OUTSIDE)
    hunted = {
        "source id": (words[0], ()),
        "source name": (words[1], ()),
        "source owner": (words[2], ()),
        "source words": (words[3], ()),
        # Those inside see where each account places what happened, to the metre.
        "source place": (PLACE[0][:7], inside),
        "notices": (words[4], KEEPERS),
        "secret of the provider": (words[5], ()),
        "words of a field team": (words[6], (*inside, "field")),
        **{f"picture {number}": (word, ()) for number, word in enumerate(CANARIES)},
    }
    return told, hunted


@pytest.fixture
def hunt(tmp_path):
    """Ask for everything as one role after another, and look for each word in all that came."""

    def attempt(random, number, sabotage=None):
        told, hunted = secrets_of(random)
        place = tmp_path / f"{number}"
        place.mkdir()
        heard: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: heard.append(record.getMessage())
        with pytest.MonkeyPatch.context() as patched:
            if sabotage is not None:
                sabotage(patched)
            front = Front(everything(place / "m", secrets=told, articles=1 + number % 2))
            names = {**front.world.names, "word": "nothing", "role": "x"}
            logging.getLogger().addHandler(handler)
            hits = set()
            try:
                role = list(ROLES)[number % len(ROLES)]
                hits |= _hits(front, role, hunted, names)
                said = "\n".join(heard)
                hits |= {f"{what} in the server's log" for what, (word, _) in hunted.items()
                         if word in said}  # fmt: skip
            finally:
                logging.getLogger().removeHandler(handler)
        shutil.rmtree(place)
        assert hits == set()

    return attempt


def _hits(front, role, hunted, names):
    found = set()
    program = front.program(role)
    asked = {road.partition(" ")[2]: told for road, told in TABLE.items() if road.startswith("GET")}
    paths = [told.get("ask", path.partition(" of ")[0]) for path, told in asked.items()
             if path != "/events"]  # fmt: skip
    paths = [path.format_map(Lenient(names)) for path in (*paths, *MORE)]
    answers = {}
    for path in paths:
        client = program if path.startswith(("/api", "/ogc")) else front.browser(role)
        answer = client.get(path)
        answers[path] = answer.content + repr(answer.headers).encode()
    # What a back-up of this role's view would hold.
    view = front.view(role)
    answers["the view's file"] = b"".join(
        path.read_bytes() for path in (front.world.folder / "views").glob("*.db")
        if view.digest.encode() in path.read_bytes()
    )  # fmt: skip
    secret = program.headers.get("Authorization", "Bearer none").partition(" ")[2]
    words = {**hunted, "token": (secret, ())}
    for what, (word, may) in words.items():
        for path, raw in answers.items():
            # The record that a field team sent is theirs to see again, with its own words.
            if role not in may and len(word) > 4 and word.encode() in raw:
                found.add(f"{what} in {path} for {role}")
    return found


class Lenient(dict):
    """Names for what a mission may not have."""

    def __missing__(self, key):
        return "none"


@CANARY.tries(parts=2)
def test_no_canary_is_answered(torture, hunt):
    torture(hunt)


@CANARY.saboteur("a veil that is open", tries=4, share=0.7)
def test_an_open_veil_is_caught(torture, hunt):
    def sabotage(patched):
        patched.setattr(veil.Veil, "is_open", lambda *_: True)
        patched.setattr(veil.Veil, "gives_away", lambda *_: False)
        patched.setattr(veil.Veil, "gives_away_any", lambda *_: False)

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
