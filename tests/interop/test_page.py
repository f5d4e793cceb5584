"""The page that checks a proof in the browser: what it answers, what it says, how it is closed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from random import Random

import pytest
from tests.interop.mutants import MUTANTS
from tests.interop.proofs import Case, parts
from tests.interop.published import proofs_of_a_log, witnessed_log
from tests.interop.verdicts import by_python, facts, question

from trucewatch.app.publishing.verifying import verify_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "src" / "trucewatch" / "app" / "static" / "verify.html"
SAMPLE = 100


def opened(browser, path: Path, **options):
    """The page from a file, with no network at all; whatever it asks for is written down."""
    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.asked.append(str(error)))
    page.on("console", lambda message: page.asked.append(message.text))
    page.goto(path.as_uri())
    return page


def check(page, case: Case, payload: bytes | None = None) -> dict:
    page.fill("#logs", "\n".join(case.logs))
    page.fill("#witnesses", "\n".join(case.witnesses))
    page.fill("#quorum", str(case.quorum))
    give(page, "#file", case.data)
    if payload is not None:
        give(page, "#payload", payload)
    # As its button does, without waiting until the button has come to rest under a pointer.
    page.eval_on_selector("#form", "(form) => form.requestSubmit()")
    page.wait_for_selector("#result:not([hidden])")
    return json.loads(page.text_content("#json"))


def give(page, where: str, data: bytes) -> None:
    file = {"name": "given", "mimeType": "application/octet-stream", "buffer": data}
    page.set_input_files(where, file)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> list[Case]:
    return proofs_of_a_log(tmp_path_factory.mktemp("log"), 20)


@pytest.fixture(scope="module")
def page(browser):
    found = opened(browser, PAGE)
    yield found
    assert found.asked == [PAGE.as_uri()], "the page asked for something, or complained"
    found.context.close()


@pytest.fixture(scope="module")
def sample(written) -> list[Case]:
    random = Random(3)
    proofs = [*written, *(parts(random).case() for _ in range(SAMPLE - len(written)))]
    kinds = random.sample(list(MUTANTS), len(MUTANTS)) * 2
    return [*proofs, *(MUTANTS[kind](random) for kind in kinds[:SAMPLE])]


def test_the_page_agrees_with_python_and_go(page, sample, ask):
    """All three, on the same hundred proofs and hundred mutants."""
    assert len(sample) == 2 * SAMPLE
    assert {case.kind for case in sample} >= set(MUTANTS)
    in_go = [facts(answer) for answer in ask(map(question, sample))]
    different = []
    for case, expected in zip(sample, in_go, strict=True):
        assert by_python(case) == expected
        answer = check(page, case)
        assert "failed" not in answer, (case.kind, answer)
        if facts(answer) != expected:
            different.append((case.kind, answer, expected))
    assert not different, different[:3]
    assert [answer["ok"] for answer in in_go[:SAMPLE]] == [True] * SAMPLE


LAX = {
    "base64 of another spelling in a hash": ("if (btoa(data) === text) return", "return"),
    "a bit of a cosignature": ("if (!(await verifies(key.key, signature, message)))", "if (false)"),
    "a bit of a hash": ("if (!same(await climb(", "if (false && !same(await climb("),
    "a quorum one short": ("reached = cosigned.length >= policy.quorum;", "reached = true;"),
    "a signature that anybody can make": ("return SMALL.has(hex(bytes));", "return false;"),
    "lines that mean nothing, signed": ("if (/[\\u0000-\\u0009\\u000b-\\u001f]/", "if (/(?!)/"),
}


@pytest.mark.parametrize("kind", LAX)
def test_a_lax_page_is_caught(kind, browser, tmp_path):
    old, new = LAX[kind]
    text = PAGE.read_text()
    assert text.count(old) == 1
    path = tmp_path / "lax.html"
    path.write_text(closed(text.replace(old, new)))
    page = opened(browser, path)
    random = Random(7)
    cases = [MUTANTS[kind](random) for _ in range(25)]
    said = [facts(check(page, case)) for case in cases]
    page.context.close()
    assert said != [by_python(case) for case in cases]


def hashes(text: str) -> dict[str, str]:
    """The hash of what the page runs and of how it looks, as its own policy must name them."""
    found = {}
    for directive, tag in (("script-src", 'script type="module"'), ("style-src", "style")):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag.split()[0]}>", text, re.DOTALL)
        digest = hashlib.sha256(inline.encode()).digest()
        found[directive] = f"'sha256-{base64.b64encode(digest).decode()}'"
    return found


def closed(text: str) -> str:
    for directive, digest in hashes(text).items():
        text = re.sub(f"{directive} '[^']*'", f"{directive} {digest}", text)
    return text


def test_the_page_may_run_itself_and_fetch_nothing():
    text = PAGE.read_text()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said == {
        **hashes(text),
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert not re.search(r"https?://|\bfetch\(|\bimport\b|innerHTML|\son\w+=| style=", text)


def test_what_is_added_to_the_page_does_not_run(browser, tmp_path):
    path = tmp_path / "added.html"
    text = PAGE.read_text().replace("</main>", "<script>document.title = 'taken'</script></main>")
    path.write_text(text)
    page = opened(browser, path)
    assert page.title() == "Check a proof"
    assert any("Content Security Policy" in line for line in page.asked)
    page.context.close()


def test_what_is_proven_is_said_in_words(page, written):
    case = written[7]
    said = check(page, case)
    payload = b"payload %d" % int(said["index"])
    assert check(page, case, payload)["file"] is True
    text = page.inner_text("#result")
    for words in (
        f"Entry {said['index']} stands in the log example.org/published",
        "byte for byte",
        "state-1.example/w at 2026-04-12",
        "5 of 7 cosigned, where 3 are asked for",
        "does not resist a split view",
        "In the log no later than",
        "finding-grade: a quorum of the witnesses cosigned",
        "That what was reported is true",
    ):
        assert words in text, (words, text)
    assert check(page, case, b"another payload")["file"] is False
    assert "this is not the file" in page.inner_text("#steps li.bad")
    page.set_input_files("#payload", [])


def test_a_failed_step_is_crossed_with_its_reason(page, written):
    case = written[7]
    bad = Case("", case.data.replace(b"\nindex ", b"\nindex 0"), *([case.logs, case.witnesses, 3]))
    assert check(page, bad)["ok"] is False
    assert "The index is not a decimal number below 2^63 without leading zeros." in page.inner_text(
        "#steps li.bad"
    )
    assert page.inner_text("#verdict h2") == "Not proven"
    assert check(page, Case("", case.data, case.logs, case.witnesses, 6))["ok"] is False
    assert page.inner_text("#verdict h2") == "Not cosigned by enough"


def test_a_proof_may_be_pasted_and_checked_by_keyboard_alone(browser, written):
    page = opened(browser, PAGE, viewport={"width": 360, "height": 740})
    case = written[3]
    page.focus("#proof")
    page.keyboard.insert_text(case.data.decode())
    page.keyboard.press("Tab")
    page.keyboard.insert_text(case.logs[0])
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "check"
    page.keyboard.press("Enter")
    page.wait_for_selector("#result:not([hidden])")
    assert page.inner_text("#verdict h2") == "Proven"
    assert page.evaluate("document.activeElement.id") == "result"
    assert "recorded: the log’s own word alone" in page.inner_text("#facts")
    # Nothing reaches beyond the edge of a small telephone.
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_a_proof_may_be_dropped(page, written):
    case = written[5]
    check(page, case)
    page.set_input_files("#file", [])
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.tlog-proof"));
          document.getElementById("drop").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        case.data.decode(),
    )
    page.click("#check")
    page.wait_for_selector("#result:not([hidden])")
    assert json.loads(page.text_content("#json"))["ok"] is True


UNABLE = {
    "no cryptography": "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });",
    "Ed25519": "SubtleCrypto.prototype.importKey = () => Promise.reject("
    "new DOMException('no', 'NotSupportedError'));",
    "Ed25519 signatures": "SubtleCrypto.prototype.verify = () => Promise.resolve(true);",
}


@pytest.mark.parametrize("words", UNABLE)
def test_a_browser_that_cannot_check_says_so(words, browser):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(UNABLE[words])
    page.goto(PAGE.as_uri())
    page.wait_for_selector("#unable:not([hidden])")
    assert words in page.inner_text("#unable")
    assert page.is_disabled("#check")
    context.close()


def test_the_page_beside_bulletins_knows_the_keys(browser, tmp_path, written):
    case = written[2]
    path = tmp_path / "verify.html"
    path.write_bytes(verify_page(logs=case.logs, witnesses=case.witnesses, quorum=3))
    page = opened(browser, path)
    assert page.input_value("#logs").split("\n") == list(case.logs)
    assert page.input_value("#witnesses").split("\n") == list(case.witnesses)
    assert page.input_value("#quorum") == "3"
    assert "chose them: compare them" in page.inner_text("#whose")
    give(page, "#file", case.data)
    page.click("#check")
    page.wait_for_selector("#result:not([hidden])")
    assert page.inner_text("#verdict h2") == "Proven"
    assert page.asked == [path.as_uri()]
    page.context.close()


def test_a_key_cannot_write_into_the_page():
    text = verify_page(logs=["</script><script>alert(1)</script>"]).decode()
    assert text.count("</script>") == PAGE.read_text().count("</script>")
    assert "\\u003c/script>" in text


def test_the_documentation_has_the_same_page():
    assert (ROOT / "docs" / "verify.html").read_bytes() == PAGE.read_bytes()


def test_a_log_over_http_is_read_by_the_tile_reader_of_go(ask, tmp_path):
    """Only what is published is served, and it is enough to recompute the root."""
    import threading
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            seen.append(self.path)

    seen: list[str] = []
    folder = tmp_path / "log"
    vkey = witnessed_log(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        where = f"http://127.0.0.1:{server.server_port}/"
        tile = folder / "tile" / "0" / "001"
        good, local = ask(
            {"op": "folder", "logs": [vkey], "where": place} for place in (where, str(folder))
        )
        assert good == local
        assert (good["ok"], good["size"]) == (True, "1000")
        assert all(path.startswith(("/checkpoint", "/tile/")) for path in seen)
        data = bytearray(tile.read_bytes())
        data[40] ^= 1
        tile.write_bytes(data)
        (bad,) = ask([{"op": "folder", "logs": [vkey], "where": where}])
        assert not bad["ok"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
