#!/usr/bin/env bash
# Proves the promise of the README: a Debian 13 with nothing but git, make and Python runs `make test` at once.
#
#   tools/test-bare.sh [TARGET]     as root; TARGET is `test` unless told, `setup` is the quickest, `demo` is headless
#
# Read from the environment (`make test-bare TARGET=demo TIMES=20 AS=plain CARD=none`):
#   AS=plain|root          works there as a user who has sudo (the default), or as root
#   TIMES=1                so often, one after the other in the same place; exit 1 if one of them did not end with 0
#   CARD=none|service      a place where the desk's card service can't run (the default), or one where it can
#
# A minimal Debian is put into a temporary folder and entered by chroot, where the kernel grants nobody the private
# namespaces that the card service needs; for CARD=service it becomes the root of its mount namespace (pivot_root), where
# it does. Each run has namespaces of its own, so nothing stays mounted or running, whatever happens.
set -euo pipefail

target=${1:-test}
who=${AS:-plain}
times=${TIMES:-1}
card=${CARD:-none}
source=$(cd "$(dirname "$0")/.." && pwd)

[ "$(id -u)" = 0 ] || { echo "test-bare: needs root (debootstrap, chroot): sudo make test-bare" >&2; exit 1; }
case $who in plain | root) ;; *) echo "test-bare: AS is plain or root, not '$who'" >&2; exit 2 ;; esac
case $card in none | service) ;; *) echo "test-bare: CARD is none or service, not '$card'" >&2; exit 2 ;; esac
OTHER_PLACE=70
[[ $times =~ ^[1-9][0-9]*$ ]] || { echo "test-bare: TIMES is a number from 1, not '$times'" >&2; exit 2; }

# ---- inside the namespaces: mount what a running Debian has, and go in ----
if [ -n "${CHANGGU_BARE_ROOT:-}" ]; then
  root=$CHANGGU_BARE_ROOT
  mount --bind "$root" "$root" # what becomes a root has to be a mount
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mkdir -p "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
  ln -sf pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  home=/home/newcomer
  goal=$target
  if [ "$target" = demo ]; then goal="demo HEADLESS=1"; fi
  # Whether the place is the one that was asked for is looked at, not believed: the demo does without the service.
  cat >"$root/tmp/command" <<COMMAND
set -euo pipefail
cd $home/changgu
git init -q
git add -A
make setup
trouble=\$(.venv/bin/python -c 'from kiosk.desk.desk_machine import card_service_trouble; print(card_service_trouble())')
if [ "\$trouble" ]; then found=none; else found=service; fi
[ "\$found" = $card ] || { echo "test-bare: asked for card service: $card, found: \$found (\$trouble)"; exit $OTHER_PLACE; }
make $goal
COMMAND
  # Settings of the network's surroundings come along; everything else of this environment stays outside.
  mapfile -t surroundings < <(env | grep -E '^(PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|CERT|PROXY|DEFAULT_TIMEOUT)=|SSL_CERT|REQUESTS_CA|[A-Za-z]+_PROXY=|[a-z]+_proxy=)' || true)
  surroundings+=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true CHANGGU_TEST_MAY_LACK=1)
  if [ "$card" = service ]; then
    mkdir -p "$root/outside"
    cd "$root"
    pivot_root . outside
    root=/
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    hash -r
    umount -l /outside
  fi
  if [ "$who" = root ]; then
    chown -R 0:0 "$root$home"
    exec chroot "$root" env -i "${surroundings[@]}" HOME=/root bash /tmp/command
  fi
  exec chroot --userspec=newcomer:newcomer --groups=newcomer "$root" \
    env -i "${surroundings[@]}" HOME=$home USER=newcomer bash /tmp/command
fi

# ---- outside: make the root ----
command -v debootstrap >/dev/null || {
  apt-get -q -y update >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends debootstrap >/dev/null
}
root=$(mktemp -d "${TMPDIR:-/var/tmp}/changgu-bare.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$root"

# The same mirrors as this machine's.
mapfile -t mirrors < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
  | grep '^http' | grep ' trixie' | sort -u)
mirror=$(printf '%s\n' "${mirrors[@]}" | awk '$2 == "trixie" {print $1; exit}')

started=$SECONDS
echo "test-bare: making a bare Debian 13 ..."
debootstrap --variant=minbase --include=git,make,python3,sudo,ca-certificates trixie "$root" ${mirror:+"$mirror"} \
  >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; rm -f "$root.log"; exit 1; }
rm -f "$root.log"
echo "test-bare: made in $((SECONDS - started)) s"

if [ "${#mirrors[@]}" -gt 0 ]; then printf 'deb %s\n' "${mirrors[@]}" >"$root/etc/apt/sources.list"; fi
for file in /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/pip.conf /etc/resolv.conf /etc/hosts /etc/ssl/certs \
  /usr/local/share/ca-certificates; do
  [ -e "$file" ] || continue
  mkdir -p "$root$(dirname "$file")"
  cp -aL "$file" "$root$(dirname "$file")/" 2>/dev/null || true
done
rm -f "$root"/etc/apt/apt.conf.d/docker-*

chroot "$root" useradd --create-home --shell /bin/bash newcomer
echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/newcomer"
chmod 440 "$root/etc/sudoers.d/newcomer"
mkdir "$root/home/newcomer/changgu"
(cd "$source" && git ls-files -z --cached --others --exclude-standard \
  | while IFS= read -r -d '' name; do [ ! -e "$name" ] || printf '%s\0' "$name"; done \
  | tar --create --null --files-from=- --file=-) | tar --extract --file=- --directory="$root/home/newcomer/changgu"
chroot "$root" chown -R newcomer:newcomer /home/newcomer

once() { # in namespaces of its own; everything that it started ends with it
  CHANGGU_BARE_ROOT=$root AS=$who CARD=$card TIMES=1 unshare --mount --propagation private --pid --fork --kill-child \
    --ipc "$source/tools/test-bare.sh" "$target" </dev/null
}

echo "test-bare: make $target, as $([ "$who" = plain ] && echo 'a user with sudo' || echo root), card service: $card"
if [ "$times" = 1 ]; then
  started=$SECONDS result=0
  once || result=$?
  echo "test-bare: make $target ended with $result after $((SECONDS - started)) s"
  exit "$result"
fi

well=0
for ((run = 1; run <= times; run++)); do
  started=$SECONDS result=0
  once >"$root/run.log" 2>&1 || result=$?
  echo "test-bare: run $run of $times ended with $result after $((SECONDS - started)) s"
  if [ "$result" = 0 ]; then well=$((well + 1)); else tail -n 60 "$root/run.log" | sed 's/^/  | /'; fi
  [ "$result" != $OTHER_PLACE ] || exit $OTHER_PLACE # the place is not the one that was asked for; no run in it counts
done
echo "test-bare: $well of $times ended with 0"
[ "$well" = "$times" ]
