"""What lies between phone and server: a network that does what it is told, or cuts.

Requests of the phone are of a kind (part, document, status, ...). For each kind there is a list of
faults, used up one by one; after them the weather is fair. `also` holds what is the matter with
everything at once (a captive portal, no server), until it is taken away.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Self

KINDS: Mapping[str, tuple[str, str]] = {  # kind -> (method, pattern of the path)
    "status": ("GET", r"/api/v1/files/[0-9a-f]{64}$"),
    "part": ("PUT", r"/api/v1/files/[0-9a-f]{64}$"),
    "document": ("POST", r"/api/v1/submissions$"),
    "sealed": ("PUT", r"/api/v1/sealed/"),
    "device": ("PUT", r"/api/v1/devices/"),
    "pack": ("GET", r"/veld/app/gegevens\.json"),
    "page": ("GET", r"/(veld|inloggen)"),
}
PORTAL = b"""<!doctype html><html lang="nl"><title>Welkom</title><h1>Gratis wifi</h1>
<form method="post" action="/akkoord"><button>Akkoord</button></form></html>"""
GATEWAY = b"<html><head><title>%d</title></head><body><h1>%d</h1><hr>nginx</body></html>"
HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")
PATIENCE = 30.0  # seconds for one answer of the server
HELD = 1.5  # seconds that an answer waits for the next request, when it is held back


@dataclass(frozen=True)
class Request:
    """One request of the phone, whole or (before its body is read) its head."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """What it is for; "other" when it is nothing that can go wrong here."""
        path = self.path.split("?")[0]
        for kind, (method, pattern) in KINDS.items():
            if self.method == method and re.match(pattern, path):
                return kind
        return "other"

    def header(self, name: str) -> str:
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def wire(self) -> bytes:
        """As it goes over the line; the connection stays open."""
        lines = [f"HTTP/1.1 {self.status} Any"]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in HOP]
        if self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class Cut(Exception):
    """The line goes dead here."""


@dataclass(frozen=True)
class Passed:
    """What became of one request."""

    kind: str
    path: str
    fault: str
    status: int  # of the server; 0 when the server never answered
    shown: int  # what the phone saw; 0 when the line went dead


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one request. `number`: bytes, seconds or a status."""

    name: str
    number: float = 0.0

    def __str__(self) -> str:
        return f"{self.name}({self.number:g})" if self.number else self.name


class Proxy:
    """A port for the phone; `with Proxy(upstream) as proxy:` and `proxy.url`."""

    def __init__(self, upstream: int, port: int = 0) -> None:
        self.upstream = upstream
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self.listener.getsockname()[1]
        self.lock = threading.Condition()
        self.faults: dict[str, deque[Fault]] = {}
        self.also: Fault | None = None
        self.passed: list[Passed] = []
        self.arrived: Counter[str] = Counter()
        self.used: Counter[str] = Counter()  # faults that really happened
        self.deeds: dict[str, Callable[[], None]] = {}  # what "kill_server" does
        self.open: set[socket.socket] = set()
        self.troubled = 0  # requests under way with a fault
        self.closing = False
        self.thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def url(self) -> str:
        """What the phone calls the server."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing = True
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.hang_up()
        self.thread.join(5)

    def plan(self, faults: Mapping[str, Iterable[Fault]]) -> None:
        """These faults from now on, each kind in order; what was left of others is forgotten."""
        with self.lock:
            self.faults = {kind: deque(ones) for kind, ones in faults.items()}

    def add(self, kind: str, *faults: Fault) -> None:
        """More faults for this kind."""
        with self.lock:
            self.faults.setdefault(kind, deque()).extend(faults)

    def calm(self) -> None:
        """Fair weather."""
        with self.lock:
            self.faults = {}
            self.also = None
            self.lock.notify_all()

    def quiet(self, seconds: float) -> bool:
        """Wait until no request is under way of which something is the matter."""
        with self.lock:
            return self.lock.wait_for(lambda: not self.troubled, seconds)

    def hang_up(self) -> None:
        """Every open line goes dead."""
        with self.lock:
            lines = list(self.open)
        for line in lines:
            _reset(line)

    def wait_for(self, kind: str, count: int, seconds: float) -> bool:
        """Whether this many requests of the kind (all: "") came within the time."""
        with self.lock:
            return self.lock.wait_for(lambda: self._count(kind) >= count, seconds)

    def wait_until_taken(self, seconds: float) -> bool:
        """Whether the server took a document within the time, whatever the phone saw of it."""
        taken = (200, 201)
        with self.lock:
            return self.lock.wait_for(
                lambda: any(p.kind == "document" and p.status in taken for p in self.passed),
                seconds,
            )

    def left(self, *kinds: str) -> int:
        """Faults of these kinds that wait for their request."""
        with self.lock:
            return sum(len(self.faults.get(kind, ())) for kind in kinds)

    def _count(self, kind: str) -> int:
        return self.arrived[kind] if kind else sum(self.arrived.values())

    def new_log(self) -> None:
        """Forget what passed: a run begins."""
        with self.lock:
            self.passed, self.arrived, self.used = [], Counter(), Counter()

    # One thread per line of the phone, many requests after each other.

    def _listen(self) -> None:
        while not self.closing:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.open.add(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with line.makefile("rb") as reader:
                while self._one(line, reader):
                    pass
        except Cut:
            _reset(line)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.open.discard(line)
            with suppress(OSError):
                line.close()

    def _one(self, line: socket.socket, reader: object) -> bool:
        head = _head(reader)
        if head is None:
            return False
        kind = head.kind
        fault = self._next(kind)
        Passage(self, line, reader, head, kind, fault).go()
        return head.header("Connection").lower() != "close"

    def _next(self, kind: str) -> Fault | None:
        with self.lock:
            self.arrived[kind] += 1
            self.lock.notify_all()
            waiting = self.faults.get(kind)
            fault = self.also or (waiting.popleft() if waiting else None)
            self.troubled += fault is not None
            return fault

    def note(self, passed: Passed) -> None:
        """Remember what became of a request."""
        with self.lock:
            self.passed.append(passed)
            if passed.fault:
                self.used[passed.fault] += 1
                self.troubled -= 1
            self.lock.notify_all()


class Passage:
    """One request on its way, and what goes wrong with it."""

    def __init__(
        self,
        proxy: Proxy,
        line: socket.socket,
        reader: object,
        head: Request,
        kind: str,
        fault: Fault | None,
    ) -> None:
        self.proxy, self.line, self.reader = proxy, line, reader
        self.head, self.kind, self.fault = head, kind, fault
        self.status = 0

    def go(self) -> None:
        """Bring it over, or not."""
        shown = 0
        name = self.fault.name if self.fault else ""
        try:
            answer = FAULTS[name](self) if self.fault else self.across()
            self.line.sendall(answer.wire())
            shown = answer.status
        finally:
            self.proxy.note(Passed(self.kind, self.head.path, name, self.status, shown))

    @property
    def number(self) -> float:
        return self.fault.number if self.fault else 0.0

    def whole(self) -> Request:
        """The request with its body."""
        size = int(self.head.header("Content-Length") or 0)
        body = self.reader.read(size) if size else b""  # type: ignore[attr-defined]
        if len(body) < size:
            raise Cut
        return Request(self.head.method, self.head.path, self.head.headers, body)

    def across(self, request: Request | None = None) -> Answer:
        """Ask the server; 502 in a gateway's words when it is not there."""
        request = request or self.whole()
        server = HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=PATIENCE)
        try:
            server.putrequest(
                request.method, request.path, skip_host=True, skip_accept_encoding=True
            )
            for header, value in request.headers:
                if header.lower() not in HOP:
                    server.putheader(header, value)
            if request.body or request.method in ("POST", "PUT"):
                server.putheader("Content-Length", str(len(request.body)))
            server.putheader("Connection", "close")
            server.endheaders(request.body or None)
            answer = server.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return gateway(502)
        finally:
            server.close()
        self.status = answer.status
        return Answer(answer.status, tuple(answer.getheaders()), body)

    def half_across(self) -> None:
        """Half the body reaches the server, and then the line is gone."""
        size = int(self.head.header("Content-Length") or 0)
        body = self.reader.read(size // 2) if size else b""  # type: ignore[attr-defined]
        lines = [f"{self.head.method} {self.head.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.head.headers]
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.proxy.upstream), PATIENCE) as server,
        ):
            server.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def gateway(status: int, *headers: tuple[str, str]) -> Answer:
    """An error page that is not ours."""
    body = GATEWAY % (status, status)
    return Answer(status, (("Content-Type", "text/html"), *headers), body)


def _cut_before(_passage: Passage) -> Answer:
    raise Cut


def _cut_body(passage: Passage) -> Answer:
    passage.half_across()
    raise Cut


def _cut_after(passage: Passage) -> Answer:
    passage.across()
    raise Cut


def _cut_answer(passage: Passage) -> Answer:
    wire = passage.across().wire()
    passage.line.sendall(wire[: len(wire) - max(1, len(wire) // 4)])
    raise Cut


def _portal(passage: Passage) -> Answer:
    passage.whole()
    return Answer(200, (("Content-Type", "text/html; charset=utf-8"),), PORTAL)


def _portal_json(passage: Passage) -> Answer:
    """A portal that says it is JSON, and that all is well."""
    passage.whole()
    return Answer(200, (("Content-Type", "application/json"),), b'{"status": "ok"}')


def _too_large(passage: Passage) -> Answer:
    request = passage.whole()
    if len(request.body) <= passage.number:
        return passage.across(request)
    return gateway(413)


def _busy(passage: Passage) -> Answer:
    passage.whole()
    return gateway(429, ("Retry-After", f"{max(1, passage.number):.0f}"))


def _broken(passage: Passage) -> Answer:
    passage.whole()
    return gateway(int(passage.number) or 500)


def _broken_after(passage: Passage) -> Answer:
    """The server did its work; its gateway lost the answer."""
    passage.across()
    return gateway(int(passage.number) or 502)


def _slow(passage: Passage) -> Answer:
    request = passage.whole()
    # The one place where time itself is the fault.
    threading.Event().wait(passage.number)
    return passage.across(request)


def _held(passage: Passage) -> Answer:
    """The answer waits until the next request of any kind was sent."""
    before = passage.proxy._count("")
    answer = passage.across()
    passage.proxy.wait_for("", before + 1, HELD)
    return answer


def _logged_out(passage: Passage) -> Answer:
    """The server does not know the phone any more; the phone keeps its cookie for later."""
    request = passage.whole()
    headers = tuple((k, v) for k, v in request.headers if k.lower() != "cookie")
    answer = passage.across(Request(request.method, request.path, headers, request.body))
    kept = tuple((k, v) for k, v in answer.headers if k.lower() != "set-cookie")
    return Answer(answer.status, kept, answer.body)


def _deed(name: str, moment: str) -> Callable[[Passage], Answer]:
    """Something dies at this request: before, during or after the server's work on it."""

    def before(passage: Passage) -> Answer:
        passage.whole()
        passage.proxy.deeds[name]()
        raise Cut

    def during(passage: Passage) -> Answer:
        request = passage.whole()
        # Drawn from the seed: somewhere before, in or after the commit.
        timer = threading.Timer(passage.number, passage.proxy.deeds[name])
        timer.start()
        answer = passage.across(request)
        timer.join()
        return answer

    def after(passage: Passage) -> Answer:
        passage.across()
        passage.proxy.deeds[name]()
        raise Cut

    return {"before": before, "during": during, "after": after}[moment]


DEEDS = ("kill_server", "kill_browser", "kill_tab")
MOMENTS = ("before", "during", "after")
FAULTS: Mapping[str, Callable[[Passage], Answer]] = {
    "cut_before": _cut_before,
    "cut_body": _cut_body,
    "cut_after": _cut_after,
    "cut_answer": _cut_answer,
    "portal": _portal,
    "portal_json": _portal_json,
    "too_large": _too_large,
    "busy": _busy,
    "broken": _broken,
    "broken_after": _broken_after,
    "slow": _slow,
    "held": _held,
    "logged_out": _logged_out,
    **{f"{deed}_{moment}": _deed(deed, moment) for deed in DEEDS for moment in MOMENTS},
}


def _head(reader: object) -> Request | None:
    first = reader.readline(65536)  # type: ignore[attr-defined]
    if not first.strip():
        return None
    method, path, _version = first.decode("latin-1").split(" ", 2)
    headers = []
    while line := reader.readline(65536).strip():  # type: ignore[attr-defined]
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    return Request(method, path, tuple(headers))


def _reset(line: socket.socket) -> None:
    """End a connection at once, as a lost signal does, without a polite goodbye."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
