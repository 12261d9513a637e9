"""The launcher itself: what it starts works, stops, and says why when it cannot."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import (
    BIN_SETTING,
    URL_SETTING,
    Cluster,
    PostgresMissing,
    find_bin_dir,
    postgres_cluster,
)

pytestmark = pytest.mark.postgis
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cluster():
    try:
        with postgres_cluster() as running:
            yield running
    except PostgresMissing as missing:
        pytest.skip(str(missing))


def test_a_new_database_knows_postgis(cluster: Cluster) -> None:
    name = cluster.create_database()

    # 3-4-5 triangle, so the distance needs no calculator
    rows = cluster.execute("SELECT ST_Distance('POINT(0 0)', 'POINT(3 4)')", dbname=name)

    assert rows == [(5.0,)]


def test_copies_have_the_template_and_not_each_other(cluster: Cluster) -> None:
    template = cluster.create_database()
    cluster.execute("CREATE TABLE areas (code text)", dbname=template)

    one = cluster.create_database(template=template)
    two = cluster.create_database(template=template)
    cluster.execute("INSERT INTO areas VALUES ('BU03440001')", dbname=one)

    assert cluster.execute("SELECT count(*) FROM areas", dbname=one) == [(1,)]
    assert cluster.execute("SELECT count(*) FROM areas", dbname=two) == [(0,)]


def test_letters_outside_ascii_fold(cluster: Cluster) -> None:
    name = cluster.create_database()

    assert cluster.execute("SELECT lower('ÉÇŞ')", dbname=name) == [("éçş",)]


def test_dropping_works_while_connected(cluster: Cluster) -> None:
    name = cluster.create_database()
    plain = cluster.url(name).replace("+psycopg", "")
    with psycopg.connect(plain) as held:
        cluster.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")


def test_sqlalchemy_takes_the_address(cluster: Cluster) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(cluster.url(cluster.create_database()))
    with engine.connect() as connection:
        assert "POSTGIS" in str(connection.scalar(text("SELECT postgis_full_version()")))
    engine.dispose()


def test_a_server_of_your_own_is_used_and_left_clean(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cluster.execute("SELECT datname FROM pg_database ORDER BY 1")
    monkeypatch.setenv(URL_SETTING, cluster.url("postgres"))

    with postgres_cluster() as borrowed:
        name = borrowed.create_database()
        assert (name,) in cluster.execute("SELECT datname FROM pg_database")

    assert cluster.execute("SELECT datname FROM pg_database ORDER BY 1") == before


def test_a_wrong_address_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(URL_SETTING, f"postgresql://nobody@/postgres?host={tmp_path}")

    with pytest.raises(PostgresMissing, match=URL_SETTING), postgres_cluster():
        pass


def test_a_machine_without_postgresql_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(BIN_SETTING, str(tmp_path))

    with pytest.raises(PostgresMissing, match=r"tools/system_packages\.sh"):
        find_bin_dir()


def test_a_server_without_postgis_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("initdb", "postgres"):
        (tmp_path / program).touch()
    monkeypatch.setenv(BIN_SETTING, str(tmp_path))

    with pytest.raises(PostgresMissing, match="without PostGIS"):
        find_bin_dir()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc; Linux only")
@pytest.mark.parametrize("ending", ["stops", "is killed"])
def test_no_server_stays_behind(cluster: Cluster, ending: str) -> None:
    program = (
        "import sys\n"
        "from tests.support.postgres import postgres_cluster\n"
        "with postgres_cluster() as cluster:\n"
        "    print(cluster.root_url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != URL_SETTING}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        found = re.search(r"host=(\S+)", child.stdout.readline())
        assert found, "the child printed no address"
        folder = Path(found[1])
        server = int((folder / "data/postmaster.pid").read_text().split()[0])
        watch = os.pidfd_open(server)
        if ending == "is killed":
            child.kill()
        else:
            child.communicate()

    ready, _, _ = select.select([watch], [], [], 30)  # readable once the server has ended
    os.close(watch)
    assert ready, f"server {server} still runs"
    if ending == "is killed":
        shutil.rmtree(folder)  # nobody was left to do it
    assert not folder.exists()
