"""A test client that reads every page it fetches as a strict browser would.

It also walks forms: `client.form()` finds the form of the last page with its hidden fields, so
that tests send what a browser without scripts would send, CSRF token included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CONTROLS = ("input", "textarea", "select")
UNLABELLED = ("hidden", "submit", "button", "image")


def parse(html: str) -> Element:
    """The page as a tree; AssertionError at the first thing that is not valid HTML."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    problems = [f"line {line}: {code} {params}" for (line, _column), code, params in parser.errors]
    assert not problems, f"not valid HTML: {problems[:5]}"
    return tree


def text_of(element: Element | None) -> str:
    """All text in an element, white space folded."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _check_heads(tree: Element) -> None:
    headings = [element for element in living(tree) if element.tag == "h1"]
    assert len(headings) == 1, f"a page has one h1, found {[text_of(h) for h in headings]}"
    title = text_of(tree.find("head/title"))
    assert title.startswith(text_of(headings[0])[:30]), (
        f"the title {title!r} does not start with the h1 {text_of(headings[0])!r}"
    )
    html = tree
    assert html.get("lang"), "the page has no language"
    assert html.get("dir") in ("ltr", "rtl"), "the page has no direction"


def _check_ids(tree: Element) -> None:
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    doubled = {i for i in ids if ids.count(i) > 1}
    assert not doubled, f"ids used twice: {doubled}"
    known = set(ids)
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                assert name in known, f"{attribute} points to {name!r}, which is not there"
        if element.tag == "label" and element.get("for"):
            assert element.get("for") in known, f"label for {element.get('for')!r}: not there"


def _check_forms(tree: Element) -> None:
    labelled = {label.get("for") for label in tree.iter("label")}
    inside = {id(c) for label in tree.iter("label") for c in label.iter() if c.tag in CONTROLS}
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            names = {i.get("name") for i in form.iter("input")}
            assert names & {"csrf_token", "draft_token"}, "a form that posts has no token"
            assert form.get("action") is not None, "a form has no action"
        for control in form.iter():
            if control.tag not in CONTROLS or control.get("type") in UNLABELLED:
                continue
            named = control.get("aria-label") or control.get("aria-labelledby")
            assert named or id(control) in inside or control.get("id") in labelled, (
                f"no label for {control.tag} {control.get('name')!r}"
            )


def _check_policy(html: str, tree: Element) -> None:
    for element in tree.iter():
        assert element.get("style") is None, f"style attribute on {element.tag}"
        handlers = [name for name in element.keys() if name.startswith("on")]  # noqa: SIM118
        assert not handlers, f"inline handler {handlers} on {element.tag}"
        if element.tag == "script":
            kind = element.get("type") or ""
            assert element.get("src") or "json" in kind, "inline script"
        if element.tag == "img":
            assert element.get("alt") is not None, f"no alt on {element.get('src')}"
        if element.tag == "style":
            raise AssertionError("inline style sheet")
    leftovers = re.findall(r"\{\{.*?\}\}|%\([a-z_]+\)s", html)
    assert not leftovers, f"template text that was not filled in: {leftovers[:3]}"


def check_page(html: str) -> Element:
    """Everything that holds for any page; returns its tree."""
    tree = parse(html)
    _check_heads(tree)
    _check_ids(tree)
    _check_forms(tree)
    _check_policy(html, tree)
    return tree


class CheckingClient(FlaskClient):
    """Checks each HTML answer; remembers the last page."""

    page: Element
    address: str = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's; HTML answers are checked."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307):
            self.page = check_page(response.get_data(as_text=True))
            self.address = response.request.path
        return response

    def text(self) -> str:
        """The words on the last page."""
        body = self.page.find("body")
        return text_of(body)

    def forms(self) -> Iterator[Element]:
        """The forms that post, of the last page."""
        return (f for f in self.page.iter("form") if (f.get("method") or "").lower() == "post")

    def fields(self, action_part: str = "") -> tuple[str, dict[str, Any]]:
        """(action, name -> value) of the form whose action holds `action_part`, as a browser sends.

        Unchecked boxes and buttons are left out.
        """
        form = next(f for f in self.forms() if action_part in (f.get("action") or ""))
        return form.get("action") or self.address, dict(_values(form))

    def submit(self, action_part: str = "", follow: bool = True, **values: Any) -> TestResponse:
        """Fill in `values` and send the form; a name with - or . goes in via the dict `also`."""
        also = values.pop("also", {})
        action, fields = self.fields(action_part)
        fields.update(values)
        fields.update(also)
        return self.post(action, data=fields, follow_redirects=follow)

    def log_in(self, email: str, password: str) -> TestResponse:
        """Through the real log-in page."""
        self.get("/inloggen")
        return self.submit("inloggen", email=email, password=password)


def living(element: Element) -> Iterator[Element]:
    """An element with all in it, as a browser without scripts has it: no <template> opens."""
    yield element
    for child in element:
        if child.tag != "template":
            yield from living(child)


def _values(form: Element) -> Iterator[tuple[str, Any]]:
    """Each control as it would be sent; several of one name become a list."""
    found: dict[str, Any] = {}
    for name, value in _pairs(form):
        if name in found:
            before = found[name] if isinstance(found[name], list) else [found[name]]
            found[name] = [*before, value]
        else:
            found[name] = value
    yield from found.items()


def _pairs(form: Element) -> Iterator[tuple[str, Any]]:
    for control in living(form):
        name = control.get("name")
        if not name:
            continue
        kind = control.get("type", "text")
        if control.tag == "input" and kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                yield name, control.get("value", "on")
        elif control.tag == "input" and kind not in ("submit", "button", "file"):
            yield name, control.get("value", "")
        elif control.tag == "textarea":
            yield name, control.text or ""
        elif control.tag == "select":
            chosen = [o for o in control.iter("option") if o.get("selected") is not None]
            option = chosen[0] if chosen else next(control.iter("option"), None)
            if option is not None:
                yield name, option.get("value", option.text or "")
