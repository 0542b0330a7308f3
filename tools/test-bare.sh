#!/usr/bin/env bash
# Proves the promise of the README: a Debian 13 with nothing but git, make and Python runs `make test` at once.
#
#   tools/test-bare.sh [TARGET] [plain|root]     as root; TARGET is `test` unless told, and `setup` is the quickest
#
# A minimal Debian is put into a temporary folder and entered by chroot; `plain` (the default) works there as a user who
# has sudo. Everything happens in namespaces of its own, so nothing stays mounted or running, whatever happens.
set -euo pipefail

target=${1:-test}
who=${2:-plain}
source=$(cd "$(dirname "$0")/.." && pwd)

[ "$(id -u)" = 0 ] || { echo "test-bare: needs root (debootstrap, chroot): sudo make test-bare" >&2; exit 1; }
case $who in plain | root) ;; *) echo "test-bare: plain or root, not '$who'" >&2; exit 2 ;; esac

# ---- inside the namespaces: mount what a running Debian has, and go in ----
if [ -n "${CHANGGU_BARE_ROOT:-}" ]; then
  root=$CHANGGU_BARE_ROOT
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mkdir -p "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
  ln -sf pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  home=/home/newcomer
  command="cd $home/changgu && git init -q && git add -A && make $target"
  # Settings of the network's surroundings come along; everything else of this environment stays outside.
  mapfile -t surroundings < <(env | grep -E '^(PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|CERT|PROXY|DEFAULT_TIMEOUT)=|SSL_CERT|REQUESTS_CA|[A-Za-z]+_PROXY=|[a-z]+_proxy=)' || true)
  surroundings+=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true)
  if [ "$who" = root ]; then
    chown -R 0:0 "$root$home"
    exec chroot "$root" env -i "${surroundings[@]}" HOME=/root bash -c "$command"
  fi
  exec chroot --userspec=newcomer:newcomer --groups=newcomer "$root" \
    env -i "${surroundings[@]}" HOME=$home USER=newcomer bash -c "$command"
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

started=$SECONDS
echo "test-bare: make $target, as $([ "$who" = plain ] && echo 'a user with sudo' || echo root)"
result=0
CHANGGU_BARE_ROOT=$root unshare --mount --propagation private --pid --fork --kill-child --ipc \
  "$source/tools/test-bare.sh" "$target" "$who" </dev/null || result=$?
echo "test-bare: make $target ended with $result after $((SECONDS - started)) s"
exit "$result"
