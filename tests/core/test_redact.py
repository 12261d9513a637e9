"""Personal data in Dutch text. All people, numbers and addresses here are made up."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest

from fieldapp.core.redact import KINDS, LABELS, Finding, find, mask
from fieldapp.core.redact.checks import is_bsn, is_iban


def spans(text: str, **options: object) -> list[tuple[str, str]]:
    """(kind, text) of every finding."""
    return [(f.kind, text[f.start : f.end]) for f in find(text, **options)]  # type: ignore[arg-type]


# (sentence, [(kind, the exact stretch)])
FOUND = [
    ("Mijn BSN is 111222333.", [("bsn", "111222333")]),
    ("Nummer 1112.22.333 stond op de brief", [("bsn", "1112.22.333")]),
    ("bsn: 123456789, zei ze", [("bsn", "123456789")]),  # mistyped, but called a BSN
    ("Maak over naar NL91 ABNA 0417 1643 00 op mijn naam", [("iban", "NL91 ABNA 0417 1643 00")]),
    ("nl91abna0417164300", [("iban", "nl91abna0417164300")]),
    ("Naar NL92ABNA0417164300 graag", [("iban", "NL92ABNA0417164300")]),  # wrong check digits
    ("DE89 3704 0044 0532 0130 00", [("iban", "DE89 3704 0044 0532 0130 00")]),
    ("Bel 06-12345678 na zes uur", [("phone", "06-12345678")]),
    ("06 12 34 56 78", [("phone", "06 12 34 56 78")]),
    ("+31 6 1234 5678", [("phone", "+31 6 1234 5678")]),
    ("+31 (0)30 123 45 67", [("phone", "+31 (0)30 123 45 67")]),
    ("0031612345678", [("phone", "0031612345678")]),
    ("(026) 123 45 67", [("phone", "(026) 123 45 67")]),
    ("Mijn moeder: +90 532 123 45 67", [("phone", "+90 532 123 45 67")]),
    ("Mail k.o.jansen+wijk@voorbeeld.nl!", [("email", "k.o.jansen+wijk@voorbeeld.nl")]),
    ("Zie https://voorbeeld.nl/a?b=1.", [("url", "https://voorbeeld.nl/a?b=1")]),
    ("3531 CB", [("postcode", "3531 CB")]),
    ("3531cb", [("postcode", "3531cb")]),
    ("postcode is 3531 cb", [("postcode", "3531 cb")]),
    ("Ik woon Kanaalstraat 12-bis", [("address", "Kanaalstraat 12-bis")]),
    ("op de hoofdstraat 7a lekt het", [("address", "hoofdstraat 7a")]),
    ("aan de Jan van Galenstraat 44", [("address", "Jan van Galenstraat 44")]),
    ("Amazonedreef 12, 3563 ab", [("address", "Amazonedreef 12, 3563 ab")]),
    ("Ik woon op de Rokin 12", [("address", "Rokin 12")]),
    ("de buren van nummer 14 hebben ruzie", [("address", "14")]),
    ("Postbus 123", [("address", "Postbus 123")]),
    ("geboren op 12-3-1981 in Rabat", [("birth_date", "12-3-1981")]),
    ("Geboortedatum: 4 mei '62", [("birth_date", "4 mei '62")]),
    ("zij is geboren 1981-03-12", [("birth_date", "1981-03-12")]),
    ("Meneer Jansen klaagt", [("name", "Jansen")]),
    ("meneer jansen klaagt", [("name", "jansen")]),
    ("mw. A. de Vries-van Dam", [("name", "A. de Vries-van Dam")]),
    ("dhr van der Berg", [("name", "van der Berg")]),
    ("de familie El Amrani", [("name", "El Amrani")]),
    ("Mijn zoon Daan valt", [("name", "Daan")]),
    ("buurvrouw Güler zegt", [("name", "Güler")]),
    ("Ik ben Fatima El Amrani, hoi", [("name", "Fatima El Amrani")]),
    ("Ik heet Xanti.", [("name", "Xanti")]),
    ("Gisteren was Agnieszka er nog", [("name", "Agnieszka")]),
    ("Fatma's fiets is weg", [("name", "Fatma")]),
    ("DAAR WOONT FATIMA NU", [("name", "FATIMA")]),
    ("J.P. Balkende belde", [("name", "J.P. Balkende")]),
    ("Groetjes, Ineke", [("name", "Ineke")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_found_exactly(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


PLATES = [
    # one per series of the RDW, in its order
    "AB-12-34", "12-34-AB", "12-AB-34", "AB-12-CD", "AB-CD-12", "12-AB-CD", "12-ABC-3",
    "1-ABC-23", "AB-123-C", "A-123-BC", "ABC-12-D", "A-12-BCD", "1-AB-234", "123-AB-4",
]  # fmt: skip


@pytest.mark.parametrize("plate", PLATES)
def test_plates_of_every_series(plate: str) -> None:
    assert spans(f"de auto {plate} staat er weer") == [("plate", plate)]
    bare = plate.replace("-", "").lower()
    assert spans(f"kenteken {bare} staat er weer") == [("plate", bare)]


INNOCENT = [
    "Ik ben Nederlander en blij.",
    "Ik ben boos. Mevrouw was ook boos.",
    "Mevrouw HOORDE niets van de KIM regeling.",
    "In 2024 is de straat opgeknapt, in 1998 ook.",
    "Het duurde 1250mg, 1250 mg en 2500km.",
    "Op 12 mei 2024 om 14:30 was er brand.",
    "Van 01-02-2024 12:30 tot 01-03-2024.",
    "Het schoolplein 3 keer per week.",
    "In de Kanaalstraat is het vies.",
    "De Jan van Galenstraat is kapot.",
    "Albert Heijn op de hoek, en de Johan Cruijff Arena.",
    "De Anne Frankschool en het Willem Lodewijkpark.",
    "Bus 12 rijdt niet, lijn 4 wel.",
    "Het kost 1.250,50 euro of 123456 punten.",
    "Ordernummer 123456789.",  # nine digits that fail the eleven-test
    "Het was mooi.De buren ook.",
    "Veiligheid staat hier op 1. Onderweg 2 mensen gezien.",
    "A. Verlichting\nB. Speelplekken",
    "wij willen meer groen, meer licht en minder fietsen",
    "Er wonen Turkse, Marokkaanse en Poolse gezinnen.",
    "Rotterdam 3 jaar geleden, Amsterdam 2030.",
    "Koning Willem kwam langs de Sint Maria",
    "De portiekdeur is 4 weken stuk, 12 bewoners klagen.",
    "",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_nothing_found_in_everyday_text(text: str) -> None:
    assert spans(text) == []


def test_certain_is_what_a_check_or_a_clear_trigger_says() -> None:
    certain = {f.kind: f.certain for f in find("Mevrouw Bakker, BSN 111222333")}
    guesses = {f.kind: f.certain for f in find("Ik ben Xanti, BSN 123456789, NL92ABNA0417164300")}

    assert certain == {"name": True, "bsn": True}
    assert guesses == {"name": False, "bsn": False, "iban": False}


def test_known_places_are_no_people() -> None:
    text = "Buurvrouw Lombok, zei ze, en buurvrouw Aydin"

    assert spans(text, known_places=["lombok"]) == [("name", "Aydin")]
    assert spans(text) == [("name", "Lombok"), ("name", "Aydin")]


def test_findings_never_overlap_and_stand_in_order() -> None:
    text = "\n".join(sentence for sentence, _ in FOUND)
    found = find(text)

    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {f.kind for f in found} == set(KINDS) - {"plate"}


def test_eleven_test_by_hand() -> None:
    # 1*9+1*8+1*7+2*6+2*5+2*4+3*3+3*2-3 = 9+8+7+12+10+8+9+6-3 = 66 = 6 x 11
    assert is_bsn("111222333")
    assert not is_bsn("111222334")
    assert not is_bsn("000000000")


def test_iban_by_hand() -> None:
    # ABNA0417164300 NL91 -> A10 B11 N23 A10 0417164300 N23 L21 91
    assert int("10112310" + "0417164300" + "2321" + "91") % 97 == 1
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("NL91ABNA041716430")
    assert not is_iban("NL19ABNA0417164300")


def test_mask_is_readable() -> None:
    text = "Mevrouw Bakker (06-12345678) woont Kanaalstraat 12."

    assert mask(text, find(text)) == "Mevrouw [naam] ([telefoon]) woont [adres]."


def test_mask_takes_other_labels_and_unknown_kinds() -> None:
    findings = [Finding(4, 8, "odd", True), Finding(0, 3, "name", True)]

    assert mask("abc defg", findings, {"name": "<name>"}) == "<name> [...]"


def test_mask_of_overlapping_findings_leaves_nothing_uncovered() -> None:
    findings = [Finding(0, 4, "name", True), Finding(2, 7, "phone", True)]

    nested = [Finding(0, 7, "name", True), Finding(2, 4, "phone", True)]

    assert mask("abcdefghi", findings) == "[naam]hi"
    assert mask("abcdefghi", nested) == "[naam]hi"


def test_every_kind_has_a_label() -> None:
    assert set(LABELS) == set(KINDS)


def test_a_masked_text_holds_nothing_to_find() -> None:
    text = " ".join(sentence for sentence, _ in FOUND)
    masked = mask(text, find(text))

    # "geboren op [geboortedatum] in Rabat" and so on: what is left is no personal data
    assert [f for f in find(masked) if f.kind not in {"name", "address"}] == []


HOSTILE = [
    "a", "A", "0", "1-", "06 ", "a.", "a@", "a@a.", "A.", "A-", "van ", "Jan ", "van de ",
    "ik ben ", "Straat ", "straat 1 ", "1 ", "+31", "NL91", "NL91 A", "geboren op ", "www.",
    "http://", "'",
    "meneer van ", "AB-12-", "De Van ", "\n", " ", "é", "1234 ", "Kanaalstraat 1-", "J. Th. ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = 9e9
        for _ in range(3):
            start = time.process_time()
            find(text)
            best = min(best, time.process_time() - start)
        return best

    short, long = seconds(4_000), seconds(32_000)

    # Eight times the text: linear is 8, a square would be 64. Room for a busy machine.
    assert long < 24 * max(short, 0.002), f"{short:.4f} s -> {long:.4f} s"


# --- measured on the public cases of deduce (medical texts, so partly another world) -------------

# What of the cases is ours. Dates count only as days of birth: the sentence says so first.
# Floors: (recall, precision). Below 1 where the cases ask for what we leave alone on purpose:
# - names: surnames alone ("Zuidgeest"), which in a buurt are as often words, shops or streets;
# - address: places alone are no personal data here, so only cases with a number or postcode count;
# - phone: one of 23 cases has a digit too many;
# - address precision: "Heidelberglaan 1ab" is nothing to the cases and a door to us;
# - dates with a slash before 1900, ages, institutions: not our kinds.
CASES = {
    "names": ("name", "", 0.80, 0.85),
    "phone_numbers": ("phone", "", 0.95, 0.99),
    "emails": ("email", "", 0.99, 0.99),
    "urls": ("url", "", 0.99, 0.99),
    "dates": ("birth_date", "geboren op ", 0.90, 0.90),
    "bsn": ("bsn", "", 0.99, 0.99),
    "addresses": ("address", "", 0.95, 0.90),
}


def cases(folder: Path, name: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """(text, annotated spans) of one file, narrowed to what is ours."""
    file = {"bsn": "identifiers", "addresses": "locations"}.get(name, name)
    examples = json.loads((folder / f"deduce_{file}_even.json").read_text())["examples"]
    chosen = []
    for example in examples:
        marked = [
            (a["start_char"], a["end_char"])
            for a in example["annotations"]
            if name != "bsn" or a["tag"] == "bsn"
        ]
        if name == "addresses" and not any(c.isdigit() for c in example["text"]):
            continue
        if name == "urls" and "@" in example["text"]:
            continue  # an e-mail address to us, and found as one
        chosen.append((example["text"], marked))
    return chosen


@pytest.mark.parametrize("name", CASES)
def test_recall_and_precision_on_public_cases(
    shared_data: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, before, recall_floor, precision_floor = CASES[name]
    kinds = {kind, "postcode"} if kind == "address" else {kind}
    hits = wanted = good = given = 0
    missed, false = [], []
    for text, marked in cases(shared_data / "pii", name):
        shift = len(before)
        found = [(f.start - shift, f.end - shift) for f in find(before + text) if f.kind in kinds]
        # Several annotations over one stretch are one thing to find.
        groups = [
            m for m in marked if not any(o != m and o[0] <= m[0] <= m[1] <= o[1] for o in marked)
        ]
        for start, end in groups:
            wanted += 1
            if any(a < end and start < b for a, b in found):
                hits += 1
            else:
                missed.append(text)
        for a, b in found:
            given += 1
            if any(a < end and start < b for start, end in marked):
                good += 1
            else:
                false.append(text)
    recall, precision = hits / wanted, good / max(given, 1)
    report = f"{name}: recall {hits}/{wanted}, precision {good}/{given}"
    with capsys.disabled():
        print(f"\n  {report}; missed {missed}; false {false}")

    assert recall >= recall_floor, f"{report}; missed {missed}"
    assert precision >= precision_floor, f"{report}; false {false}"
