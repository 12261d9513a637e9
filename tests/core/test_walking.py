"""Walking lists as values: lines, progress, which stairwell is next; what counts as a promise."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.core.door_list import MOST_DOORS, MOST_LINES, ListedDoor, as_lines, read_door_list
from fieldapp.core.portiek import LONGEST as LONGEST_NAME
from fieldapp.core.promise import LONGEST, promised
from fieldapp.core.walking import DoorCounts, Progress, next_first, progress

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sterstraat 12-24", ListedDoor("Sterstraat 12-24")),
        ("Sterstraat 12-24; 8 deuren", ListedDoor("Sterstraat 12-24", 8)),
        ("Sterstraat 12-24;8;Sterrenbuurt", ListedDoor("Sterstraat 12-24", 8, "Sterrenbuurt")),
        ("Sterstraat 12-24\t8\tBU1", ListedDoor("Sterstraat 12-24", 8, "BU1")),
        ("Sterstraat 12-24, 8 deuren", ListedDoor("Sterstraat 12-24", 8)),
        ("Sterstraat 12, 24", ListedDoor("Sterstraat 12, 24")),  # a second house number
        ("Hof, achter; 1 deur", ListedDoor("Hof, achter", 1)),
        ('"Hof; achter"; 6', ListedDoor("Hof; achter", 6)),
        ("  Hof   3  ;; BU1 ", ListedDoor("Hof 3", None, "BU1")),
        ("ثريا ٣-٩; 4", ListedDoor("ثريا ٣-٩", 4)),
    ],
)
def test_a_line_as_people_write_it(line: str, expected: ListedDoor) -> None:
    assert read_door_list(line) == ([expected], [])


def test_a_heading_and_blank_lines_are_no_stairwells() -> None:
    found, problems = read_door_list("\ufeffPortiek;Deuren;Buurt\n\n;;\nHof 3;6;\n")
    assert (found, problems) == ([ListedDoor("Hof 3", 6)], [])


def test_a_list_can_be_pasted_again() -> None:
    doors = [ListedDoor("A 1", 4, "BU1"), ListedDoor("B 1"), ListedDoor("C 1", None, "BU2")]
    assert read_door_list(as_lines(doors)) == (doors, [])


@pytest.mark.parametrize(
    "line", ["\0", "a\0b; 3", '"' * 5000, "x" * 300_000, "a;" * 4000, "A; 99999999999", "A; -1"]
)
def test_no_line_breaks_the_reading(line: str) -> None:
    found, problems = read_door_list(line)
    assert len(found) + len(problems) <= 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A 1; 1", None),
        ("A 1; 0", "doors_out_of_range"),
        (f"A 1; {MOST_DOORS}", None),
        (f"A 1; {MOST_DOORS + 1}", "doors_out_of_range"),
        ("x" * LONGEST_NAME, None),
        ("x" * (LONGEST_NAME + 1), "doors_name_long"),
        ("a\0b; 3", "doors_no_name"),
    ],
)
def test_the_bounds_of_a_line(line: str, code: str | None) -> None:
    _found, problems = read_door_list(line)
    assert [problem.code for problem in problems] == ([code] if code else [])


def test_an_area_that_no_column_takes_is_none_and_nothing_trails() -> None:
    found, problems = read_door_list("A 1; 3; BU\0")
    assert (found, problems) == ([ListedDoor("A 1", 3)], [])
    assert as_lines(found) == "A 1; 3"


def test_only_the_first_line_can_be_a_heading() -> None:
    found, problems = read_door_list("Adres; deuren\nA 1; 3\nNaam; 4")
    assert (found, problems) == ([ListedDoor("A 1", 3), ListedDoor("Naam", 4)], [])


def test_a_line_without_end_is_a_long_name() -> None:
    found, (problem,) = read_door_list("x" * 200_000 + "; 3\nA 1; 3")
    assert (found, problem.code, problem.where) == ([ListedDoor("A 1", 3)], "doors_name_long", "1")


def test_more_lines_than_fit_are_refused() -> None:
    lines = "\n".join(f"Hof {number}" for number in range(MOST_LINES + 1))
    found, problems = read_door_list(lines)
    assert len(found) == MOST_LINES
    assert [problem.code for problem in problems] == ["doors_too_many"]


def test_visits_add_up_to_at_most_the_doors() -> None:
    first, second = DoorCounts(8, 3, 2), DoorCounts(5, 2, 2)
    found = progress(8, [(MONDAY, first), (TUESDAY, second)])
    assert found == Progress(8, 2, TUESDAY, tried=8, opened=5, spoken=4)
    # All eight again, and most of them open: no more doors than there are.
    third = progress(8, [(MONDAY, first), (TUESDAY, DoorCounts(8, 7, 7))])
    assert (third.opened, third.spoken, third.state) == (8, 8, "done")


def test_without_a_number_of_doors_the_fullest_visit_tells() -> None:
    found = progress(None, [(MONDAY, DoorCounts(6, 2, 1)), (TUESDAY, DoorCounts(4, 1, 0))])
    assert (found.doors, found.opened, found.state) == (6, 3, "begun")
    nothing = progress(None, [(MONDAY, DoorCounts())])
    assert (nothing.doors, nothing.opened, nothing.state) == (None, 0, "begun")


def test_a_list_that_says_too_few_doors_hides_none_that_opened() -> None:
    found = progress(6, [(MONDAY, DoorCounts(8, 7, 7))])
    assert (found.doors, found.tried, found.opened, found.spoken) == (6, 8, 7, 7)


def test_a_stairwell_is_done_after_three_visits_and_never_for_having_no_doors() -> None:
    shut = DoorCounts(8, 0, 0)
    assert progress(8, [(MONDAY, shut)] * 2).state == "begun"
    assert progress(8, [(MONDAY, shut)] * 3).state == "done"
    assert progress(0, [(MONDAY, DoorCounts())]).state == "begun"


def test_next_is_where_nobody_was_then_longest_ago_then_what_is_done() -> None:
    new, shut = progress(8, []), DoorCounts(8, 0, 0)
    rows = [
        progress(8, [(TUESDAY, shut)]),
        progress(1, [(MONDAY, DoorCounts(1, 1, 1))]),
        new,
        progress(8, [(MONDAY, shut)]),
        new,
    ]
    assert next_first(enumerate(rows)) == [2, 4, 3, 0, 1]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (" Lamp doorgeven. ", "Lamp doorgeven."),
        ("Niets beloofd over de lift, wel over de lamp.",) * 2,
        ("GEEN!", ""),
        ("n.v.t.", ""),
        (None, ""),
        (["Bellen", "geen", None, "Mailen"], "Bellen\nMailen"),
        ("x" * 3000, "x" * LONGEST),
    ],
)
def test_what_counts_as_a_promise(answer: object, expected: str) -> None:
    assert promised(answer) == expected
