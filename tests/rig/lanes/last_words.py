"""The last lines of a red run: which tests, why, by which seed, and how to run each alone."""

import os

import pytest

# Set where something may be lacking: on a bare machine without a card service (tools/test-bare.sh).
MAY_LACK = "CHANGGU_TEST_MAY_LACK"
# Each takes four lines, and the last forty lines are what anybody reads of a log.
_SHOWN = 8
_WIDE = 300


class LastWords:
    """After all that pytest itself prints."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self):  # type: ignore[no-untyped-def]
        """Continuous integration has all that the tests need: there, as root, one that is left out is red."""
        report = yield
        if _has_all() and report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            report.outcome, report.longrepr = "failed", f"left out where nothing may be left out: {reason}"
        return report

    def pytest_unconfigure(self) -> None:
        """Once more, below the line with the counts."""
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None:
            return
        red = [*reporter.stats.get("error", []), *reporter.stats.get("failed", [])]
        for report in red[:_SHOWN]:
            reporter.write_line(f"RED {report.nodeid}")
            reporter.write_line(f"    {_why(report)}")
            if seed := _seed(report):
                reporter.write_line(f"    {seed}")
            reporter.write_line(f"    alone: make test LANES=0 ARGS='{report.nodeid}'")
        if len(red) > _SHOWN:
            reporter.write_line(f"and {len(red) - _SHOWN} more, named above")


def _has_all() -> bool:
    """Whether this is a place in which no test may be left out. What only root may do, another user leaves out."""
    return bool(os.environ.get("CI")) and MAY_LACK not in os.environ and os.geteuid() == 0


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The assertion, and where it stands."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        lines = [line.strip() for line in report.longreprtext.splitlines() if line.strip()]
        return (lines[-1] if lines else "no reason was given")[:_WIDE]
    message = " ".join(crash.message.split())
    return f"{crash.path}:{crash.lineno}: {message[:_WIDE]}"


def _seed(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Hypothesis's own line that brings the same example again."""
    lines = (line.strip() for line in report.longreprtext.splitlines())
    return next((line.lstrip("E| ") for line in lines if "reproduce_failure" in line), "")
