"""From a seed to a plan: what somebody does on a phone, and what goes wrong meanwhile."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.faults.photos import SIZES
from tests.browser.faults.proxy import Fault

DAY = 86_400
LEVELS = ("store", "form")  # through the modules of the store, or through the real pages
LEVELS_OF_CLEAN = ("A+", "A", "B", "C")
STORY = "De buurvrouw vertelt over de straat, het licht en wie er 's avonds nog komt. "


@dataclass(frozen=True)
class Photo:
    """A photo to attach: the question, a size in bytes, a name."""

    path: str
    size: int
    name: str


@dataclass(frozen=True)
class Form:
    """A form that will be filled in. `answers` as they are sent."""

    id: str
    survey: str
    answers: Mapping[str, Any]
    photos: tuple[Photo, ...] = ()
    finished: bool = True
    located: bool = False

    def __str__(self) -> str:
        sizes = ", ".join(f"{photo.size // 1000} kB" for photo in self.photos)
        words = sum(len(str(value)) for value in self.answers.values())
        end = "" if self.finished else ", stays open"
        return (
            f"{self.survey} {self.id[:8]} ({words} characters{'; ' + sizes if sizes else ''}{end})"
        )


@dataclass(frozen=True)
class Step:
    """One thing that is done, by somebody or to somebody. `after`: wait for this many requests of a
    kind first (at most a moment), and then so many milliseconds."""

    deed: str
    form: int = -1
    number: int = 0  # which photo; bytes left; ...
    after: tuple[str, int, int] | None = None

    def __str__(self) -> str:
        text = self.deed + (f" form {self.form}" if self.form >= 0 else "")
        text += f" [{self.number}]" if self.number else ""
        if self.after:
            kind, count, pause = self.after
            text += f" once {count} {kind or 'any'} more came, after {pause} ms"
        return text


@dataclass(frozen=True)
class Plan:
    """A whole run."""

    seed: int
    engine: str
    level: str
    forms: tuple[Form, ...]
    steps: tuple[Step, ...]
    weather: Mapping[str, tuple[Fault, ...]]
    clock_off: int = 0  # seconds
    mortal: bool = False  # the browser is killed somewhere, so it has a profile of its own

    def __str__(self) -> str:
        lines = [f"seed {self.seed} on {self.engine}, level {self.level}"]
        if self.clock_off:
            lines.append(f"  clock {self.clock_off / DAY:+g} day")
        lines += [f"  form {number}: {form}" for number, form in enumerate(self.forms)]
        lines += [f"  {kind}: {', '.join(map(str, ones))}" for kind, ones in self.weather.items()]
        lines += [f"  {number}. {step}" for number, step in enumerate(self.steps, 1)]
        return "\n".join(lines)


def observation(
    draw: random.Random, count: int, *, sizes: tuple[int, ...] = (), finished: bool = True
) -> Form:
    """An observatie with so many photos (0 to 3)."""
    answers: dict[str, Any] = {"wat": "schoon", "niveau_schoon": draw.choice(LEVELS_OF_CLEAN)}
    paths = ["foto", "foto_na", "foto"][:count]
    if "foto_na" in paths or draw.random() < 0.3:
        answers |= {"meer": "ja", "notitie": _story(draw, 40, 400)}
    photos = tuple(
        Photo(path, size, f"foto-{number}.jpg")
        for number, (path, size) in enumerate(zip(paths, sizes or _sizes(draw, count), strict=True))
    )
    identity = str(uuid.UUID(int=draw.getrandbits(128), version=4))
    return Form(identity, "observatie", answers, photos, finished, draw.random() < 0.5)


def conversation(draw: random.Random, *, finished: bool = True) -> Form:
    """A bewonersgesprek with a long story."""
    answers = {"verhaal": _story(draw, 500, 12_000), "themas": ["wonen", "veiligheid"]}
    answers["gezegd_wonen"] = _story(draw, 20, 800)
    identity = str(uuid.UUID(int=draw.getrandbits(128), version=4))
    return Form(identity, "bewonersgesprek", answers, (), finished)


def changed(form: Form, times: int) -> Mapping[str, Any]:
    """The answers after so many changes of mind, each time others than before."""
    if form.survey == "observatie":
        level = LEVELS_OF_CLEAN[(LEVELS_OF_CLEAN.index(form.answers["niveau_schoon"]) + times) % 4]
        return {**form.answers, "niveau_schoon": level}
    return {**form.answers, "verhaal": f"{form.answers['verhaal']} Verbeterd: {times}."}


def _sizes(draw: random.Random, count: int) -> tuple[int, ...]:
    """Mostly small, now and then the largest: 50 kB to 5 MB; no two alike.

    The page draws a photo anew, after which two of one size would be the same picture.
    """
    sizes: list[int] = []
    while len(sizes) < count:
        size = draw.choices(SIZES, weights=(5, 5, 4, 3, 2, 1, 1))[0]
        if size not in sizes:
            sizes.append(size)
    return tuple(sizes)


def _story(draw: random.Random, shortest: int, longest: int) -> str:
    size = draw.randint(shortest, longest)
    extra = draw.choice(["", "Ünïcödé “aanhaling” – ", "مرحبا ", "🙂 ", 'regel 1\nregel 2 "\\" '])
    return (extra + STORY * (size // len(STORY) + 1))[:size].strip()


# What happens to the phone, the app or the server between two things that the user does; weights.
BLOWS: Mapping[str, int] = {
    "kill_browser": 5,
    "kill_tab": 4,
    "reload": 3,
    "restart_server": 3,
    "kill_server": 2,
    "update_app": 2,
    "expire_login": 2,
    "portal": 3,
    "portal_json": 1,
    "no_server": 2,
    "offline": 3,
    "close_database": 3,
    "full": 2,
    "second_tab": 3,
    "take_back": 2,
    "correct": 5,
    "clear": 2,
}
LASTING = ("portal", "portal_json", "no_server", "offline")  # until "calm" or "online" comes
MORTAL = ("kill_browser", "full")
# After these the server has the form and the phone does not know so: then a change is worth most.
UNHEARD = ("cut_after", "cut_answer", "broken_after", "kill_tab_after", "kill_browser_after")
# What happens to one request: (name, numbers to choose from), weight.
SHOTS: Mapping[tuple[str, tuple[float, ...]], int] = {
    ("cut_before", (0,)): 4,
    ("cut_body", (0,)): 4,
    ("cut_after", (0,)): 6,
    ("cut_answer", (0,)): 4,
    ("portal", (0,)): 3,
    ("portal_json", (0,)): 2,
    ("too_large", (40_000, 100_000, 200_000)): 3,
    ("busy", (1, 2)): 2,
    ("broken", (500, 502, 503)): 4,
    ("broken_after", (502, 504)): 3,
    ("slow", (0.3, 0.8)): 3,
    ("held", (0,)): 3,
    ("logged_out", (0,)): 2,
    ("kill_server_before", (0,)): 1,
    ("kill_server_during", (0.002, 0.01, 0.03, 0.08)): 3,
    ("kill_server_after", (0,)): 1,
    ("kill_tab_before", (0,)): 1,
    ("kill_tab_during", (0.005, 0.02, 0.06)): 2,
    ("kill_tab_after", (0,)): 2,
    ("kill_browser_before", (0,)): 1,
    ("kill_browser_during", (0.005, 0.02, 0.06)): 2,
    ("kill_browser_after", (0,)): 2,
}
WHERE: Mapping[str, int] = {"status": 2, "part": 6, "document": 8, "device": 1, "page": 1}


def draw_plan(seed: int, engine: str, level: str = "") -> Plan:
    """The plan of a seed: the same on every machine."""
    draw = random.Random(f"{engine} {seed}")
    level = level or draw.choice(LEVELS)
    forms = tuple(_draw_form(draw) for _ in range(draw.choice((1, 1, 2, 2, 3))))
    steps = _draw_steps(draw, forms)
    weather = _draw_weather(draw, forms)
    if any(step.deed == "correct" for step in steps) and draw.random() < 0.7:
        # Twice, so that there is time to change something in between.
        first = (Fault(draw.choice(UNHEARD)), Fault("broken_after", 504))
        weather["document"] = (*first, *weather.get("document", ()))
    deadly = [fault.name for ones in weather.values() for fault in ones]
    mortal = any(step.deed in MORTAL for step in steps) or any("kill" in name for name in deadly)
    return Plan(
        seed=seed,
        engine=engine,
        level=level,
        forms=forms,
        steps=steps,
        weather=weather,
        clock_off=draw.choices((0, DAY, -DAY), weights=(8, 1, 1))[0],
        mortal=mortal or any(step.deed == "kill_tab" for step in steps),
    )


def _draw_form(draw: random.Random) -> Form:
    finished = draw.random() < 0.9
    if draw.random() < 0.3:
        return conversation(draw, finished=finished)
    return observation(draw, draw.choice((0, 1, 1, 2, 3)), finished=finished)


def acts(number: int, form: Form) -> list[Step]:
    """What the user does for one form, in order."""
    steps = [Step("begin", number)]
    steps += [Step("attach", number, photo) for photo in range(len(form.photos))]
    if form.finished:
        steps.append(Step("finish", number))
    return steps


def _draw_steps(draw: random.Random, forms: tuple[Form, ...]) -> tuple[Step, ...]:
    queues = [acts(number, form) for number, form in enumerate(forms)]
    steps: list[Step] = []
    while any(queues):
        # Mostly one form after the other; now and then another one in between.
        first = next(queue for queue in queues if queue)
        queue = first if draw.random() < 0.8 else draw.choice([q for q in queues if q])
        steps.append(queue.pop(0))
    blows = draw.choices(list(BLOWS), weights=list(BLOWS.values()), k=draw.choice((1, 1, 2, 2, 3)))
    for blow in blows:
        place = draw.randint(_earliest(blow, steps), len(steps))
        number = {"full": 60_000, "correct": draw.choice((0, 1))}.get(blow, 0)
        step = Step(blow, number=number, after=_draw_moment(draw))
        steps.insert(place, step)
        if blow in LASTING:
            steps.insert(draw.randint(place + 1, len(steps)), Step("calm"))
    for _ in range(draw.choice((1, 2, 3))):
        after = _draw_moment(draw)
        steps.insert(
            draw.randint(max(1, len(steps) // 2), len(steps)), Step("send_now", after=after)
        )
    return tuple(steps)


def _earliest(blow: str, steps: list[Step]) -> int:
    """After something was begun; to change what is finished, after something was finished."""
    if blow != "correct":
        return 1
    finishes = [at for at, step in enumerate(steps) if step.deed == "finish"]
    return finishes[0] + 1 if finishes else 1


def _draw_moment(draw: random.Random) -> tuple[str, int, int] | None:
    if draw.random() < 0.3:
        return None
    kind = draw.choice(("status", "part", "part", "document", "document"))
    return kind, draw.choice((1, 1, 2, 4)), draw.choice((0, 0, 3, 10, 40, 120))


def _draw_weather(draw: random.Random, forms: tuple[Form, ...]) -> dict[str, tuple[Fault, ...]]:
    found: dict[str, list[Fault]] = {}
    pictures = any(form.photos for form in forms)
    for _ in range(draw.choice((0, 1, 2, 3, 4))):
        kind = draw.choices(list(WHERE), weights=list(WHERE.values()))[0]
        if kind in ("part", "status") and not pictures:
            kind = "document"
        (name, numbers) = draw.choices(list(SHOTS), weights=list(SHOTS.values()))[0]
        # A page that dies takes the driver's own steps along: pages get the gentle ones.
        if kind == "page" and "kill" in name:
            name, numbers = "broken", (502.0,)
        found.setdefault(kind, []).append(Fault(name, draw.choice(numbers)))
    return {kind: tuple(ones) for kind, ones in found.items()}
