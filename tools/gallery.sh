#!/usr/bin/env bash
# Every form on contact sheets: its samples, and papers of the town with each option, which central drafts for it.
set -euo pipefail
cd "$(dirname "$0")/.."

papers=$(mktemp -d)
trap 'rm -rf "$papers"' EXIT
.venv/bin/central init --data "$papers/central" >/dev/null
.venv/bin/central specimens --data "$papers/central" --out "$papers/drafted" >/dev/null
.venv/bin/kiosk gallery --data "$papers/drafted"
