#!/usr/bin/env bash
# Resolves pyproject.toml into the lock files, with hashes and without addresses.
#
#   tools/lock.sh              take up what pyproject.toml asks for, keep the other versions
#   tools/lock.sh --upgrade    take the newest of everything (other options of `uv pip compile` pass through too)
set -euo pipefail
cd "$(dirname "$0")/.."

# The resolver lives in an environment of its own, so that it is nobody's dependency.
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
"${PYTHON:-python3}" -m venv "$workshop"
"$workshop/bin/python" -m pip install --quiet --disable-pip-version-check uv

compile() { # output-file, more options
  local output=$1
  shift
  "$workshop/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --custom-compile-command "make lock" --output-file "$output" "$@" >/dev/null
  if grep -q -e '://' -e ' @ ' -e "$PWD" "$output"; then
    echo "lock: $output names an address or a path of this machine" >&2
    exit 1
  fi
}

compile requirements/runtime.txt pyproject.toml "$@"
# The second file keeps to the versions of the first: what is tested is what is shipped.
compile requirements/dev.txt pyproject.toml --group dev --constraint requirements/runtime.txt "$@"
# What the bench compares with is nobody's dependency, and shares no version with what is shipped.
compile requirements/rivals.txt --group pyproject.toml:rivals "$@"
