#!/usr/bin/env bash
# Makes this machine ready for `make demo`, `make test` and the rest: Debian packages, then .venv from the lock.
#
#   tools/setup.sh            do what is missing; a second call finds nothing to do and says nothing
#   tools/setup.sh --again    try the Debian packages again that could not be had the last time
#   tools/setup.sh --rivals   also the environment of the libraries that `make bench` compares with
#
# Registries are whatever apt and pip are set up for on this machine; nothing here names one.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements/dev.txt
built=pyscard # the one library of the lock without a wheel (docs/decisions/0011)
stamp=.venv/.changgu-setup

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# ---- one setup at a time: two `make` calls in one tree wait for each other ----
if command -v flock >/dev/null; then
  exec 9<tools/setup.sh
  flock 9
fi

# ---- Debian packages ----
names_in() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$@"; }

missing_of() { # NAME... -> those that are not installed, one a line
  local known # dpkg-query fails on a name that it has never heard of, and still lists the others
  known=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } | sed -n 's/ installed$//p')
  comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$known" | sort -u)
}

as_root() { # runs a command as root, or fails without asking anything of a terminal that isn't there
  if [ "$(id -u)" = 0 ]; then "$@"
  elif ! command -v sudo >/dev/null; then return 1
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"
  fi
}

apt_install() { # NAME...; apt's own output is shown only where it failed
  local log result=0
  log=$(mktemp)
  if [ -z "$(apt-cache policy -- "$1" 2>/dev/null | sed -n '/Candidate: [^(]/p')" ]; then
    as_root apt-get -q -y update >"$log" 2>&1 || result=$?
  fi
  if [ "$result" = 0 ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends -- "$@" \
      >"$log" 2>&1 9<&- </dev/null || result=$?
  fi
  # A package list that has grown old names files that the mirror no longer has.
  if [ "$result" != 0 ] && grep -q 'Unable to fetch' "$log"; then
    result=0
    { as_root apt-get -q -y update && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -q -y install --no-install-recommends -- "$@"; } >"$log" 2>&1 9<&- </dev/null || result=$?
  fi
  [ "$result" = 0 ] || sed 's/^/  | /' "$log" | tail -n 15 >&2
  rm -f "$log"
  return "$result"
}

have_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

need_packages() { # what-for required|optional NAME...
  local what=$1 kind=$2 missing
  shift 2
  have_apt || { say "this is no Debian machine; please see to it that it has: $*"; return 0; }
  mapfile -t missing < <(missing_of "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing Debian packages for $what: ${missing[*]}"
  if apt_install "${missing[@]}"; then return 0; fi
  # One name that this release doesn't have must not cost us the others.
  local name
  for name in "${missing[@]}"; do apt_install "$name" 2>/dev/null || true; done
  mapfile -t missing < <(missing_of "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$kind" = optional ]; then
    say "going on without them ($what): ${missing[*]}"
    say "to have them: sudo apt-get install ${missing[*]}"
    return 0
  fi
  die "these packages are needed for $what and could not be installed: ${missing[*]}" \
      "please run, as root: apt-get install ${missing[*]}"
}

# ---- the Python that builds .venv: the first one on PATH that is new enough ----
find_python() {
  local dir name
  local IFS=:
  for dir in $PATH; do
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
      [ -x "$dir/$name" ] || continue
      if "$dir/$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$dir/$name" -c 'import sys; print(sys.executable)'
        return 0
      fi
    done
  done
  return 1
}

locked() { # only|all-but NAME -> that part of the lock
  awk -v how="$1" -v name="$2" '/^[a-z0-9]/ { its = index($0, name "==") == 1 } its == (how == "only")' "$lock"
}

build_card_library() { # from its locked source, with the locked build tool; a machine that can't does all but cards
  local log
  local headers='import os, sysconfig as s; raise SystemExit(not os.path.exists(s.get_path("include") + "/Python.h"))'
  .venv/bin/python -c "$headers" || need_packages "compiling $built" optional python3-dev
  log=$(mktemp)
  if ! locked only "$built" | .venv/bin/python -m pip install --quiet --require-hashes --no-binary "$built" --no-deps \
    --no-build-isolation -r /dev/stdin >"$log" 2>&1 9<&-; then
    sed 's/^/  | /' "$log" | tail -n 15 >&2
    say "going on without a card service: $built could not be compiled; the desk's virtual card has its own socket"
    say "to have it: sudo apt-get install $(names_in tools/packages/pyscard.txt | paste -sd ' ') python3-dev, then make setup AGAIN=1"
  fi
  rm -f "$log"
}

unpack_reader() { # the virtual reader's driver, for the desk and the tests; the list says why it is not installed
  local names folder package
  mapfile -t names < <(names_in tools/packages/card-unpacked.txt)
  if [ -e .venv/vpcd/usr ] || ! have_apt; then return 0; fi
  folder=$(mktemp -d)
  fetch() { (cd "$folder" && apt-get -q download "${names[@]}") >/dev/null 2>&1; }
  if fetch || { as_root apt-get -q -y update >/dev/null 2>&1 && fetch; }; then
    for package in "$folder"/*.deb; do dpkg-deb -x "$package" .venv/vpcd; done
  else
    say "going on without the virtual card reader, which could not be fetched: ${names[*]}"
  fi
  rm -rf "$folder"
}

build_rivals() { # .venv/rivals; a machine that can't have it measures all but that comparison
  local home=.venv/rivals rivals log
  rivals=$(sha256sum requirements/rivals.txt | cut -d' ' -f1)
  if [ "$(cat "$home/changgu-setup" 2>/dev/null)" = "$rivals" ]; then return 0; fi
  mapfile -t rival_packages < <(names_in tools/packages/rivals.txt)
  need_packages "the comparison of 'make bench'" optional "${rival_packages[@]}"
  say "installing the libraries that 'make bench' compares with into $home"
  log=$(mktemp)
  rm -rf "$home"
  if .venv/bin/python -m venv --without-pip "$home" && .venv/bin/python -m pip --python "$home/bin/python" install \
    --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps -r requirements/rivals.txt \
    >"$log" 2>&1 9<&-; then
    printf '%s\n' "$rivals" >"$home/changgu-setup"
  else
    sed 's/^/  | /' "$log" | tail -n 15 >&2
    say "going on without them: the comparison will not be measured"
    rm -rf "$home"
  fi
  rm -f "$log"
}

compile_our_own() { # a program reads its modules compiled, also where Python is told to write nothing; a broken one tells itself
  .venv/bin/python -m compileall -q central drivers kiosk simulators ui >/dev/null 2>&1 || true
}

wanted_stamp() { # everything that .venv is made from (of pyproject.toml, what stands before the tools' settings)
  { cat "$lock" tools/setup.sh tools/packages/*.txt; sed '/^\[tool\./,$d' pyproject.toml; pwd; } | sha256sum | cut -d' ' -f1
}

wanted=$(wanted_stamp)
if [ "${1:-}" != --again ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
  mapfile -t required < <(names_in tools/packages/qt.txt)
  if ! have_apt || [ -z "$(missing_of "${required[@]}")" ]; then
    if [ "${1:-}" = --rivals ]; then build_rivals; fi
    compile_our_own
    exit 0
  fi
fi

mapfile -t required < <(names_in tools/packages/qt.txt)
need_packages "Qt" required "${required[@]}"
mapfile -t fonts < <(names_in tools/packages/fonts.txt)
need_packages "Hangul on screens and documents" optional "${fonts[@]}"
mapfile -t screen < <(names_in tools/packages/screen.txt)
need_packages "the measurements of 'make bench'" optional "${screen[@]}"
mapfile -t sound < <(names_in tools/packages/sound.txt)
need_packages "the reminder by sound" optional "${sound[@]}"
mapfile -t compiling < <(names_in tools/packages/pyscard.txt)
need_packages "the card reader" optional "${compiling[@]}"
mapfile -t card < <(names_in tools/packages/card.txt)
need_packages "the card reader of the desk and the tests" optional "${card[@]}"
mapfile -t conformance < <(names_in tools/packages/conformance.txt)
need_packages "the conformance tests" optional "${conformance[@]}"
mapfile -t blocks < <(names_in tools/packages/blocks.txt)
need_packages "the ledger's crash tests on a real ext4" optional "${blocks[@]}"

python=$(find_python) || die "no Python 3.11 or newer found on PATH." "on Debian: apt-get install python3 python3-venv"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  need_packages "a Python environment" required python3-venv
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "making .venv with $("$python" -V) ($python)"
  rm -rf .venv
  "$python" -m venv .venv
fi
say "installing the locked Python packages into .venv (a minute or two the first time)"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
locked all-but "$built" \
  | .venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --no-deps -r /dev/stdin 9<&-
build_card_library
unpack_reader
# --no-build-isolation: the build tool is the locked one too, not whatever the registry has today.
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable . 9<&- 2>/dev/null \
  || .venv/bin/python -m pip install --no-deps --no-build-isolation --editable . 9<&-
printf '%s\n' "$wanted" >"$stamp"
if [ "${1:-}" = --rivals ]; then build_rivals; fi
compile_our_own
say "ready"
