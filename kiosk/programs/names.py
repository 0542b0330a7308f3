"""The names under which a machine's programs and buses are started."""

PROGRAMS = ("ui", "core", "devices", "courier", "worker")
BUSES = ("cash", "printer", "receipt", "card", "terminal", "ups")
