"""Walking through forms as a browser without scripts does."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree.ElementTree import Element

from PIL import Image

from tests.support.client import CheckingClient, living, text_of

# What somebody could answer to controls of these types.
PLAIN = {"date": "2026-02-03", "time": "14:03", "datetime-local": "2026-02-03T14:03"}
RECEIPT = re.compile(r"/klaar/")

SOUND = b"OggS" + bytes(200)  # enough of a recording for who only looks at the first bytes


def jpeg(colour: str = "green", size: tuple[int, int] = (64, 48), **save: Any) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **save)
    return out.getvalue()


def upload(data: bytes, name: str = "image.jpg") -> tuple[io.BytesIO, str]:
    """A chosen file, as a browser sends it."""
    return io.BytesIO(data), name


def page_form(client: CheckingClient) -> Element:
    """The survey form of the last page."""
    return next(f for f in client.forms() if "multipart" in (f.get("enctype") or ""))


def go(client: CheckingClient, step: str = "next", **values: Any) -> int:
    """Fill in `values` and press a button; the status of the first answer."""
    action = page_form(client).get("action") or ""
    _action, fields = client.fields(action)
    fields.update(values)
    fields["form/step"] = step
    response = client.post(action, data=fields, follow_redirects=True)
    for answer in (*response.history, response):
        answer.request.environ["wsgi.input"].close()  # large bodies lie in a temporary file
    return response.history[0].status_code if response.history else response.status_code


def typed(client: CheckingClient, name: str) -> Any:
    """What stands in a control of the last page."""
    _action, fields = client.fields(page_form(client).get("action") or "")
    return fields.get(name)


def first_answers(client: CheckingClient) -> dict[str, Any]:
    """Something for every question on the page: the first choice, a word, a number."""
    answers: dict[str, Any] = {}
    for control in living(page_form(client)):
        name = control.get("name") or ""
        if control.tag == "textarea":
            answers[name] = "Het is hier rustig.\nMeestal."
        elif control.tag == "select":
            options = [o.get("value") or "" for o in control.iter("option")]
            answers[name] = next((value for value in options if value), "")
        elif control.tag == "input":
            _one(control, name, answers)
    return answers


def _one(control: Element, name: str, answers: dict[str, Any]) -> None:
    kind = control.get("type", "text")
    if kind == "radio":
        answers.setdefault(name, control.get("value"))
    elif kind == "checkbox" and name != "form/remove":
        answers.setdefault(name, []).append(control.get("value"))
    elif kind == "file":
        sound = control.get("accept") == "audio/*"
        answers[name] = [upload(SOUND, "stem.ogg") if sound else upload(jpeg())]
    elif kind in PLAIN:
        answers[name] = PLAIN[kind]
    elif kind == "text" and control.get("data-point") is None:
        numeric = "number" in (control.get("class") or "")
        answers[name] = "3" if numeric else "Lindestraat 12-26"


def walk_to_receipt(client: CheckingClient, *, blank: bool = False, most: int = 40) -> list[str]:
    """Answer every page with its first choice (`blank`: skip it) until the receipt.

    Returns the headings on the way.
    """
    seen: list[str] = []
    for _ in range(most):
        if RECEIPT.search(client.address):
            return seen
        seen.append(text_of(next(client.page.iter("h1"))))
        go(client, **({} if blank else first_answers(client)))
    raise AssertionError(f"no receipt after {most} pages; last: {seen[-3:]}")
