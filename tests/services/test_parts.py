"""The folder of files that come in parts: how much fits, what goes, what a crash leaves."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fieldapp.services.parts import (
    LOCK,
    FileTooLarge,
    HashMismatch,
    NoRoom,
    PartStore,
    WrongOffset,
)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: PartStore, data: bytes, user_id: int = 1) -> None:
    assert store.append(user_id, sha(data), 0, len(data), data).complete


def touched(path: Path, *, hours_ago: float) -> None:
    moment = time.time() - hours_ago * 3600
    os.utime(path, (moment, moment))


def test_the_largest_file_and_the_last_byte_of_room_may_be_used(tmp_path: Path) -> None:
    store = PartStore(tmp_path, most_of_file=600, most_of_user=1000)
    with pytest.raises(FileTooLarge):
        store.append(1, sha(b"a" * 601), 0, 601, b"a")
    put(store, b"a" * 600)
    put(store, b"b" * 400)
    with pytest.raises(NoRoom):
        put(store, b"c")


def test_of_forgotten_files_the_oldest_goes_and_no_more_than_needed(tmp_path: Path) -> None:
    store = PartStore(tmp_path, most_of_user=1000)
    oldest, older, young = b"a" * 300, b"b" * 300, b"c" * 300
    for data, hours in ((young, 23), (oldest, 50), (older, 25)):
        put(store, data)
        touched(tmp_path / "1" / sha(data), hours_ago=hours)
    put(store, b"d" * 400)  # 1300 bytes: exactly the oldest has to go
    here = [store.state(1, sha(data)).complete for data in (oldest, older, young)]
    assert here == [False, True, True]


def test_a_file_that_goes_on_after_a_day_does_not_make_room_for_itself(tmp_path: Path) -> None:
    store = PartStore(tmp_path, most_of_user=1000)
    data = b"a" * 500
    store.append(1, sha(data), 0, 500, data[:300])
    put(store, b"b" * 600)
    touched(tmp_path / "1" / f"{sha(data)}.part", hours_ago=25)
    with pytest.raises(NoRoom):
        store.append(1, sha(data), 300, 500, data[300:])
    assert store.state(1, sha(data)).received == 300


def test_the_lock_is_no_file_of_anybody(tmp_path: Path) -> None:
    """Taking away a lock that somebody holds would let in a second writer."""
    store = PartStore(tmp_path, most_of_user=100)
    put(store, b"a" * 90)
    touched(tmp_path / "1" / LOCK, hours_ago=1000)
    assert [path.name for path in store.left_over(time.time() + 60)] == [sha(b"a" * 90)]
    with pytest.raises(NoRoom):
        put(store, b"b" * 20)
    assert (tmp_path / "1" / LOCK).exists()


def test_a_file_that_is_sent_again_is_in_use_again(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    data = b"sent long ago, asked for today"
    put(store, data)
    touched(tmp_path / "1" / sha(data), hours_ago=1000)
    week_ago = time.time() - 7 * 24 * 3600
    assert [path.name for path in store.left_over(week_ago)] == [sha(data)]
    put(store, data)
    assert list(store.left_over(week_ago)) == []


def test_what_is_safe_elsewhere_goes_also_when_it_was_only_begun(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    begun, whole, other = b"begun" * 9, b"whole", b"other"
    store.append(1, sha(begun), 0, len(begun), begun[:5])
    put(store, whole)
    put(store, other)
    put(store, whole, user_id=2)
    store.forget(1, [sha(begun), sha(whole)])
    received = [store.state(1, sha(data)).received for data in (begun, whole, other)]
    assert received == [0, 0, len(other)]
    assert store.state(2, sha(whole)).complete


def test_a_disk_that_is_full_halfway_leaves_the_parts_before_it(tmp_path: Path) -> None:
    """A process that may make no file larger than 150 bytes stops in the middle of a part."""
    data = random.Random(5).randbytes(300)
    store = PartStore(tmp_path)
    store.append(1, sha(data), 0, 300, data[:100])
    program = f"""
import resource, signal
from pathlib import Path
from fieldapp.services.media import CannotKeep
from fieldapp.services.parts import PartStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150, 150))
try:
    PartStore(Path({str(tmp_path)!r})).append(1, {sha(data)!r}, 100, 300, {data[100:]!r})
except CannotKeep:
    print("told")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"told\n"
    assert store.state(1, sha(data)).received == 100
    assert store.append(1, sha(data), 100, 300, data[100:]).complete


def test_a_person_has_so_much_room_and_forgotten_files_make_some(tmp_path: Path) -> None:
    store = PartStore(tmp_path, most_of_user=1000)
    old, new, third = b"a" * 600, b"b" * 500, b"c" * 300
    store.append(1, sha(old), 0, 900, old)
    with pytest.raises(NoRoom):
        store.append(1, sha(new), 0, 500, new)
    assert store.append(2, sha(new), 0, 500, new).complete  # room is per person
    touched(tmp_path / "1" / f"{sha(old)}.part", hours_ago=25)
    assert store.append(1, sha(new), 0, 500, new).complete
    assert store.state(1, sha(old)).received == 0
    assert store.append(1, sha(third), 0, 300, third).complete


def test_a_process_that_died_before_the_rename_costs_nothing(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    data = b"whole"
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / f"{sha(data)}.part").write_bytes(data)
    assert store.state(1, sha(data)).complete
    assert store.read(1, sha(data)) == data


def test_the_last_part_again_after_a_crash_costs_nothing(tmp_path: Path) -> None:
    """All bytes are here, under the name of a beginning: the answer was lost with the process."""
    store = PartStore(tmp_path)
    data = b"whole"
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / f"{sha(data)}.part").write_bytes(data)
    with pytest.raises(WrongOffset) as told:
        store.append(1, sha(data), 2, 5, data[2:])
    assert told.value.received == 5
    assert store.state(1, sha(data)).complete


def test_a_part_longer_than_its_file_begins_again(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    data = b"four"
    store.append(1, sha(data), 0, 100, b"x" * 50)
    with pytest.raises(HashMismatch):
        store.append(1, sha(data), 4, 4, b"")
    assert store.append(1, sha(data), 0, 4, data).complete


def _send_alone(folder: Path, data: bytes, step: int, answers: Any) -> None:
    store = PartStore(folder)
    refused = 0
    while not (here := store.state(1, sha(data))).complete:
        at = here.received
        try:
            store.append(1, sha(data), at, len(data), data[at : at + step])
        except WrongOffset:
            refused += 1
    answers.put(refused)


def test_two_processes_write_one_file(tmp_path: Path) -> None:
    data = random.Random(4).randbytes(2_000_000)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    steps = (4_096, 7_001)
    processes = [
        context.Process(target=_send_alone, args=(tmp_path, data, step, answers)) for step in steps
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    assert PartStore(tmp_path).read(1, sha(data)) == data
