"""A small server for the outbox: it does what the contract says, or whatever a test asks.

Real HTTP on a real port. Not our app: it can be told to lie, to cut short and to be slow.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, Response, jsonify, request

from fieldapp.core.receipt import receipt_document
from tests.browser.widget_page import PACKAGE

PERSON = "0123456789abcdef"
PAGE = """<!doctype html><html lang="nl" data-person="{person}"><title>Proef</title><body>
<script type="module">
const names = [
  "store", "drafts", "canonical", "queue/judge", "queue/receipts", "queue/ask", "queue/send",
  "queue/schedule", "queue/outbox",
];
const loaded = await Promise.all(names.map((name) => import(`/static/js/phone/${{name}}.js`)));
window.phone = Object.assign({{}}, ...loaded);
window.ready = true;
</script>"""
WORKER = """import { flushFromWorker } from "/static/js/phone/queue/outbox.js";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", ({ data, ports: [port] }) => flushFromWorker(data)
  .then(() => port.postMessage("done"), (error) => port.postMessage(String(error))));
"""
Answer = Callable[[], Any]


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class PostOffice:
    """What the server has, and what it must answer next."""

    files: dict[str, bytearray] = field(default_factory=dict)
    stored: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)  # (method, path)
    persons: set[str] = field(default_factory=set)
    busy: int = 0
    busiest: int = 0  # how many requests there were at one moment
    counting: threading.Lock = field(default_factory=threading.Lock)
    part_limit: int = 256 * 1024
    offer_keys: bool = True
    # method + kind ("POST document", "PUT file", "GET file") -> answers to give instead, in order
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    # the same, but after the work was done
    after: dict[str, list[Answer]] = field(default_factory=dict)
    always: dict[str, Answer] = field(default_factory=dict)
    by_id: dict[str, Answer] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    committed: threading.Event = field(default_factory=threading.Event)

    def next(self, what: str, *answers: Answer) -> None:
        """Give these answers to the next requests of this kind; the work is done after a None."""
        self.instead.setdefault(what, []).extend(answers)

    def then(self, what: str, *answers: Answer) -> None:
        """Do the work of the next requests of this kind, and give these answers."""
        self.after.setdefault(what, []).extend(answers)

    def count(self, what: str) -> int:
        """How many requests of this kind came in."""
        return sum(f"{method} {kind_of(path)}" == what for method, path in self.seen)

    def receipt(self, body: bytes) -> dict[str, Any]:
        """The answer that belongs to this document."""
        sent = json.loads(body)
        files = [(one["name"], one["sha256"]) for one in sent["files"]]
        document = receipt_document(
            UUID(sent["id"]), sent["survey"], sent["version"], datetime.now(UTC),
            sent["answers"], files,
        )  # fmt: skip
        return {
            "id": sent["id"],
            "receipt": {
                "document": document,
                "signature": _b64(self.key.sign(document.encode())),
                "key": "key1",
            },
        }

    def take(self, body: bytes) -> Any:
        """Store a document once."""
        sent = json.loads(body)
        old = self.stored.get(sent["id"])
        if old:
            return (jsonify(old[1]), 200) if old[0] == body else error(409, "conflict")
        missing = [
            {"where": one["question"], "code": "file_missing", "message": "Dit bestand ontbreekt."}
            for one in sent["files"]
            if not self.whole(one["sha256"], one["size"])
        ]
        if missing:
            return error(422, "refused", missing)
        self.stored[sent["id"]] = (body, self.receipt(body))
        self.committed.set()
        return jsonify(self.stored[sent["id"]][1]), 201

    def whole(self, sha256: str, size: int) -> bool:
        """Whether all bytes of a file are here."""
        return len(self.files.get(sha256, b"")) == size

    def part(self, sha256: str) -> Any:
        """Add a part of a file."""
        have = self.files.setdefault(sha256, bytearray())
        length = int(request.headers["Upload-Length"])
        data = request.get_data()
        if len(data) > self.part_limit:
            return error(413, "part_too_large")
        if int(request.headers["Upload-Offset"]) != len(have):
            return jsonify(error={"code": "offset", "message": "", "received": len(have)}), 409
        have += data
        if len(have) == length and hashlib.sha256(have).hexdigest() != sha256:
            have.clear()
            return error(422, "hash_mismatch")
        return self.state(sha256, length)

    def state(self, sha256: str, length: int | None = None) -> Any:
        """How far a file is."""
        have = self.files.get(sha256, b"")
        whole = hashlib.sha256(have).hexdigest() == sha256
        return jsonify(sha256=sha256, received=len(have), complete=whole)

    def public_key(self) -> str:
        """Base64url of the raw key."""
        return _b64(self.key.public_key().public_bytes_raw())


def kind_of(path: str) -> str:
    """What a path is about."""
    if path.startswith("/api/v1/files/"):
        return "file"
    return {"/api/v1/submissions": "document", "/api/v1/receipts/keys": "keys"}.get(path, "other")


def error(status: int, code: str, problems: Any = (), **headers: str) -> Any:
    """An error in the API's one shape."""
    body = {"error": {"code": code, "message": f"woorden bij {code}", "problems": list(problems)}}
    return jsonify(body), status, headers


def page(text: str = "<h1>Welkom op wifi</h1>", status: int = 200, **headers: str) -> Any:
    """What a captive portal says."""
    return Response(text, status, {"Content-Type": "text/html", **headers})


def cut_short(body: bytes) -> Response:
    """An answer of which half does not come: the line breaks off."""
    half = body[: len(body) // 2]

    def pieces() -> Iterator[bytes]:
        yield half

    answer = Response(pieces(), 201, {"Content-Type": "application/json"})
    answer.headers["Content-Length"] = str(len(body))
    return answer


def office_app(office: PostOffice) -> Flask:
    """The server around an office."""
    app = Flask("post_office", static_folder=str(PACKAGE / "static"))

    def told(what: str) -> Answer | None:
        waiting = office.instead.get(what)
        return waiting.pop(0) if waiting else office.always.get(what)

    @app.before_request
    def first() -> Any:
        if not request.path.startswith("/api/"):
            return None
        office.seen.append((request.method, request.path))
        with office.counting:
            office.busy += 1
            office.busiest = max(office.busiest, office.busy)
        office.persons.add(request.headers.get("X-Fieldapp-Person", ""))
        what = f"{request.method} {kind_of(request.path)}"
        if what == "POST document" and (own := office.by_id.get(request.get_json()["id"])):
            return own()
        answer = told(what)
        return answer() if answer else None

    @app.after_request
    def last(response: Response) -> Response:
        waiting = office.after.get(f"{request.method} {kind_of(request.path)}")
        if waiting and request.path.startswith("/api/"):
            return app.make_response(waiting.pop(0)())
        return response

    @app.teardown_request
    def left(_error: BaseException | None) -> None:
        if request.path.startswith("/api/"):
            with office.counting:
                office.busy -= 1

    @app.get("/worker.js")
    def worker() -> Response:
        return Response(WORKER, mimetype="text/javascript")

    @app.get("/page")
    def shown() -> str:
        return PAGE.format(person=PERSON)

    @app.get("/api/v1/files/<sha256>")
    def ask(sha256: str) -> Any:
        return office.state(sha256)

    @app.put("/api/v1/files/<sha256>")
    def put(sha256: str) -> Any:
        return office.part(sha256)

    @app.post("/api/v1/submissions")
    def post() -> Any:
        return office.take(request.get_data())

    @app.get("/api/v1/receipts/keys")
    def keys() -> Any:
        known = [{"id": "key1", "public_key": office.public_key()}] if office.offer_keys else []
        return jsonify(keys=known)

    return app


@contextmanager
def opened(office: PostOffice) -> Iterator[str]:
    """The office on a port."""
    from tests.browser.conftest import serving

    with serving(office_app(office)) as url:
        yield url
