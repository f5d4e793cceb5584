"""A provider that does what it is told, also what none may do; real HTTP on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """Holds codes, checks PKCE, and signs; `claims`, `sign` and `metadata` are what tests bend."""

    def __init__(self, at: float) -> None:
        self.at = at
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.other = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, object] = {}
        self.metadata: dict[str, object] = {}
        self.sign = self.signed
        self.subject = "desk-of-the-lead"
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path == "/.well-known/openid-configuration":
                    self.tell(200, provider.described())
                elif path == "/keys":
                    open_secret = {"kty": "oct", "kid": "two", "k": encoded(b"published")}
                    self.tell(200, {"keys": [provider.key.as_dict(private=False), open_secret]})
                else:
                    self.tell(404, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                fields = dict(parse_qsl(body.decode()))
                told = provider.exchange(fields)
                self.tell(400 if told is None else 200, told or {"error": "invalid_grant"})

            def tell(self, status: int, data: object) -> None:
                raw = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def described(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.metadata,
        }

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser comes back with, once a person has agreed."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = hashlib.sha256(f"{time.monotonic()}{asked['state']}".encode()).hexdigest()
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def exchange(self, fields: dict[str, str]) -> dict[str, object] | None:
        asked = self.codes.pop(fields.get("code", ""), None)
        if asked is None or fields.get("redirect_uri") != asked["redirect_uri"]:
            return None
        challenge = encoded(hashlib.sha256(fields.get("code_verifier", "").encode()).digest())
        if challenge != asked["code_challenge"]:
            return None
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": asked["client_id"],
            "iat": int(self.at),
            "exp": int(self.at) + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(claims)}

    def signed(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def unsigned(self, claims: dict[str, object]) -> str:
        head = encoded(json.dumps({"alg": "none"}).encode())
        return f"{head}.{encoded(json.dumps(claims).encode())}."

    def signed_with_the_public_key(self, claims: dict[str, object]) -> str:
        """HS256, with what everybody may read as the secret."""
        return self.hashed(claims, self.key.as_pem(private=False))

    def signed_with_a_published_secret(self, claims: dict[str, object]) -> str:
        """HS256, with a secret that stands among the provider's keys."""
        return self.hashed(claims, b"published")

    def hashed(self, claims: dict[str, object], secret: bytes) -> str:
        head = encoded(json.dumps({"alg": "HS256", "kid": "two"}).encode())
        text = f"{head}.{encoded(json.dumps(claims).encode())}"
        return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"

    def signed_by_another(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.other)
