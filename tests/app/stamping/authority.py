"""A real authority of time stamps on 127.0.0.1: OpenSSL signs, and a test may have it misbehave."""

from __future__ import annotations

import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)
TIME_STAMP = "1.2.840.113549.1.9.16.1.4"
SETTINGS = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = {digits}
ordering = {ordering}
tsa_name = {ordering}
ess_cert_id_chain = no
ess_cert_id_alg = {digest}
"""


class Certified:
    """A key with its certificate; `by` is who certifies it, None for itself."""

    def __init__(
        self,
        name: str,
        by: Certified | None = None,
        *,
        since: timedelta = -DAY,
        until: timedelta = 30 * DAY,
        use: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.TIME_STAMPING,
    ) -> None:
        now = datetime.now(UTC)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = by or self
        made = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(issuer.subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + since)
            .not_valid_after(now + until)
            .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        )
        if by is not None and use is not None:
            made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        self.certificate = made.sign(issuer.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def secret(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """Answers as `how` says; `signed` is an honest answer to a question, by `signer`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Certified("An authority of tests")
        self.signer = Certified("Stamps of tests", self.root)
        self.style = {"digits": 0, "ordering": "no", "digest": "sha256"}
        self.asked: list[bytes] = []
        self.given: list[bytes] = []
        self.how = type(self).answer
        self.over = threading.Event()
        made = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                made.asked.append(self.rfile.read(int(self.headers["content-length"])))
                made.headers = dict(self.headers)
                try:
                    made.how(made, self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/tsa"

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def signed(self, question: bytes) -> bytes:
        """What OpenSSL answers."""
        files = {"question.tsq": question, "signer.pem": self.signer.pem}
        files |= {"signer.key": self.signer.secret}
        files["tsa.cnf"] = SETTINGS.format(folder=self.folder, **self.style).encode()
        for name, body in files.items():
            (self.folder / name).write_bytes(body)
        (self.folder / "answer.tsr").unlink(missing_ok=True)
        command = "openssl ts -reply -config tsa.cnf -section here -queryfile question.tsq"
        command += " -signer signer.pem -inkey signer.key -out answer.tsr"
        subprocess.run(command.split(), cwd=self.folder, check=False, capture_output=True)
        return (self.folder / "answer.tsr").read_bytes()

    def signed_as(self, answer: bytes, kind: str) -> bytes:
        """What an answer says, signed anew by the key of `signer`, as content of `kind`."""
        (self.folder / "answer.tsr").write_bytes(answer)
        for name, body in (("signer.pem", self.signer.pem), ("signer.key", self.signer.secret)):
            (self.folder / name).write_bytes(body)
        names = "-in said.der -signer signer.pem -inkey signer.key -out forged.der"
        for command in (
            "ts -reply -in answer.tsr -token_out -out token.der",
            "cms -verify -noverify -nosigs -inform DER -in token.der -out said.der",
            f"cms -sign -binary -nodetach -econtent_type {kind} -outform DER -nosmimecap {names}",
        ):
            subprocess.run(
                ["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True
            )
        token = b"\x30\x03\x02\x01\x00" + (self.folder / "forged.der").read_bytes()
        return b"\x30\x82" + len(token).to_bytes(2, "big") + token

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """What an honest authority does."""
        self.give(request, self.signed(self.asked[-1]))

    def give(self, request: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
        self.given.append(body)
        request.send_response(status)
        request.send_header("content-type", "application/timestamp-reply")
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def stamped(folder: Path, authority: Authority, *, wait_s: float = 10, pem: bytes = b"") -> None:
    """Have a mission ask this authority, and believe its root."""
    (folder / "certificates").mkdir(exist_ok=True)
    (folder / "certificates" / "authority.pem").write_bytes(pem or authority.root.pem)
    path = folder / "mission.toml"
    kept = path.read_text("utf-8").split("\n[timestamps]")[0]
    path.write_text(
        f'{kept}\n[timestamps]\nurl = "{authority.url}"\n'
        f'certificates = "certificates/authority.pem"\nwait_s = {wait_s}\n',
        "utf-8",
    )
