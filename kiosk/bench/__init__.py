"""`kiosk bench`: prints the speeds and sizes that the project promises, and fails on a missed bar."""

from kiosk.bench.report import run_bench

__all__ = ["run_bench"]
