"""The key of a stairwell, and the words behind it."""

from __future__ import annotations

import pytest

from fieldapp.core.portiek import portiek_as_typed, portiek_key


def test_one_stairwell_however_it_is_written() -> None:
    assert portiek_key(" Lindestraat 12-26 ") == portiek_key("LINDESTRAAT 12-26")


@pytest.mark.parametrize("typed", ["Van Goghstraat 2-16", "’s-Gravenhof 1", "İnönü 3", "x" * 200])
def test_the_words_come_back(typed: str) -> None:
    answers = {"wat": {"v": ["heel"]}, "aantal": {"v": 3}, "portiek": {"v": f" {typed} "}}
    assert portiek_as_typed(portiek_key(typed), answers) == typed


def test_without_the_answer_the_key_is_shown() -> None:
    assert portiek_as_typed("kade 3", {"portiek": {"v": None}}) == "kade 3"
