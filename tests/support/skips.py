"""A pytest plugin: lists every skipped test with its reason, on screen and in a file.

Loaded by ``make test`` with ``-p tests.support.skips --skipped-file=.skipped-tests``. An empty file
means that everything ran; .ci/run accepts nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SKIPS = pytest.StashKey[list[tuple[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --skipped-file."""
    parser.addoption("--skipped-file", metavar="PATH", help="write skipped tests and reasons here")


def pytest_configure(config: pytest.Config) -> None:
    """Collect in an object of this run, not in a global."""
    collector = _Collector()
    config.stash[SKIPS] = collector.skips
    config.pluginmanager.register(collector)
    if target := _target(config):
        # A run that breaks halfway must not leave the list of an earlier one.
        target.write_text("the run did not end\n")


class _Collector:
    def __init__(self) -> None:
        self.skips: list[tuple[str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skips.append((report.nodeid, _reason(report)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skips.append((report.nodeid, _reason(report)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the file, also when there is nothing to write."""
    target = _target(session.config)
    if target:
        lines = [f"{test}: {reason}\n" for test, reason in session.config.stash[SKIPS]]
        target.write_text("".join(lines))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line per reason how many tests did not run."""
    skips = terminalreporter.config.stash[SKIPS]
    if not skips:
        terminalreporter.write_line("Nothing was skipped.")
        return
    terminalreporter.section("NOT RUN")
    for reason in dict.fromkeys(reason for _, reason in skips):
        number = sum(1 for _, other in skips if other == reason)
        terminalreporter.write_line(f"{number} skipped: {reason}")


def _target(config: pytest.Config) -> Path | None:
    """The file to write; none in a helper process of pytest-xdist: the main one writes."""
    given: str | None = config.getoption("--skipped-file")
    return Path(given) if given and not hasattr(config, "workerinput") else None


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    detail = report.longrepr
    text = detail[2] if isinstance(detail, tuple) else str(detail)
    return " ".join(text.removeprefix("Skipped: ").split())
