"""The environment of programs on a desk, and of the trial of a bundle; units (systemd/) set their own."""

import os

# free(3) itself overwrites what is freed: a masked name that core and ui have shown, the digits that they sealed.
# glibc does that for all but its caches of small pieces, and Python keeps pools of its own; so both are off.
WIPING = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=85:glibc.malloc.tcache_count=0",
}


def wiping_environment() -> dict[str, str]:
    """`lean_environment` for the programs that see something of a person and outlive the visit: core and ui."""
    return {**lean_environment(), **WIPING}


def lean_environment() -> dict[str, str]:
    """The environment of our programs: one interpreter setting for all, few memory arenas."""
    return {**os.environ, "MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
