"""Glewlwyd, an OpenID Connect provider that others wrote, run for the tests on this machine alone.

All it needs lies in one folder: a database, its settings, its pages. The service that its package
brings is neither needed nor touched.
"""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2

PROGRAM = "glewlwyd"
SHARE, LIBRARIES = Path("/usr/share/glewlwyd"), Path("/usr/lib/glewlwyd")
SCHEMA = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
ADMINISTRATOR = {"username": "admin", "password": "password"}
"""As the schema of the package makes it; this one is gone with the folder."""

CONFIGURATION = """
port = {port}
bind_address = "127.0.0.1"
external_url = "{home}"
login_url = "login.html"
api_prefix = "api"
static_files_path = "{folder}/pages"
log_mode = "console"
log_level = "ERROR"
cookie_domain = ""
cookie_secure = 0
cookie_same_site = "lax"
session_key = "provider-session"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "{libraries}/user"
user_middleware_module_path = "{folder}/none"
client_module_path = "{libraries}/client"
user_auth_scheme_module_path = "{libraries}/scheme"
plugin_module_path = "{libraries}/plugin"
hash_algorithm = "SHA512"
database = {{ type = "sqlite3"; path = "{folder}/provider.db"; }};
static_files_mime_types = (
  {{ extension = ".html"; mime_type = "text/html"; }},
  {{ extension = ".js"; mime_type = "application/javascript"; }},
  {{ extension = ".css"; mime_type = "text/css"; }},
  {{ extension = ".json"; mime_type = "application/json"; }},
  {{ extension = ".png"; mime_type = "image/png"; }},
  {{ extension = ".ico"; mime_type = "image/x-icon"; }},
  {{ extension = ".woff2"; mime_type = "font/woff2"; }}
)
"""


def is_here() -> bool:
    return shutil.which(PROGRAM) is not None and SCHEMA.is_file()


class Glewlwyd:
    """A running provider without clients and people; `close` it."""

    def __init__(self, folder: Path) -> None:
        (folder / "none").mkdir(parents=True)
        # Of Debian's pages, one is a link to a folder where a file of settings should be.
        unused = shutil.ignore_patterns("config.json", "admin.js", "profile.js", "callback.js")
        shutil.copytree(SHARE / "webapp", folder / "pages", ignore=unused)
        shutil.copy(SHARE / "templates" / "config.json", folder / "pages" / "config.json")
        database = sqlite3.connect(folder / "provider.db")
        database.executescript(SCHEMA.read_text("utf-8"))
        database.close()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home = f"http://localhost:{port}"
        self.issuer = f"{self.home}/api/oidc"
        settings = CONFIGURATION.format(
            port=port, home=self.home, folder=folder, libraries=LIBRARIES
        )
        (folder / "provider.conf").write_text(settings, "utf-8")
        with (folder / "told").open("wb") as told:
            self.process = subprocess.Popen(
                [PROGRAM, "--config-file", str(folder / "provider.conf")],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
            )
        self.office = httpx2.Client(base_url=self.home, trust_env=False)
        until = time.monotonic() + 30
        while True:
            try:
                self.office.get("/config")
                break
            except httpx2.HTTPError:
                assert self.process.poll() is None, (folder / "told").read_text()
                assert time.monotonic() < until
                time.sleep(0.02)
        self.office.headers["Cookie"] = self.session(**ADMINISTRATOR)

    def close(self) -> None:
        self.office.close()
        self.process.terminate()
        self.process.wait(timeout=30)

    def told(self, method: str, path: str, data: object = None) -> None:
        answer = self.office.request(method, path, json=data)
        assert answer.status_code == 200, answer.text

    def session(self, username: str, password: str) -> str:
        """The cookie of somebody whom the provider knows."""
        given = {"username": username, "password": password}
        answer = httpx2.post(f"{self.home}/api/auth/", json=given, trust_env=False)
        assert answer.status_code == 200
        (kept,) = SimpleCookie(answer.headers["set-cookie"]).values()
        return f"{kept.key}={kept.value}"

    def opened(self, *keys: dict[str, object], fresh: bool = True) -> None:
        """Sign with the first of these private keys, and publish all of them."""
        settings = {
            "iss": self.issuer,
            "jwks-private": json.dumps({"keys": keys}),
            "jwks-show": True,
            "default-kid": keys[0]["kid"],
            "jwt-type": "rsa",
            "jwt-key-size": "256",
            "access-token-duration": 3600,
            "refresh-token-duration": 3600,
            "code-duration": 600,
            "auth-type-code-enabled": True,
            "auth-type-code-revoke-replayed": True,
            "subject-type": "public",
            "pkce-allowed": True,
            "pkce-required": True,
            "allowed-scope": ["openid", "email", "profile"],
            "allow-non-oidc": False,
            "email-claim": "mandatory",
            "name-claim": "no",
            "scope-claim": "no",
        }
        wanted = {
            "module": "oidc",
            "name": "oidc",
            "display_name": "oidc",
            "order_rank": 0,
            "parameters": settings,
        }
        if fresh:
            self.told("POST", "/api/mod/plugin/", wanted)
        else:
            self.told("PUT", "/api/mod/plugin/oidc", wanted)
            self.told("PUT", "/api/mod/plugin/oidc/reset")

    def agreed(self, address: str, session: str) -> dict[str, str]:
        """What the browser of somebody signed in there comes back with, once they went on."""
        answer = httpx2.get(f"{address}&g_continue", headers={"Cookie": session}, trust_env=False)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
