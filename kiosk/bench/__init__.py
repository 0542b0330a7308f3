"""`kiosk bench`: prints the speeds and sizes that the project promises, and fails if one misses its limit."""

from kiosk.bench.report import run_bench

__all__ = ["run_bench"]
