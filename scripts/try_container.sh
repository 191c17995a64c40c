#!/usr/bin/env bash
# Builds the image and runs the compose file once, where there is a container engine: `make container`.
# Invented settings, nothing leaves the machine, everything is taken away again.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'container: %s\n' "$*" >&2; exit 1; }

find_engine() {
    local name
    for name in docker podman; do
        if "$name" info >/dev/null 2>&1; then echo "$name"; return; fi
    done
    fail "no container engine answers here (docker info, podman info)"
}

main() {
    local engine file
    engine=$(find_engine)
    for file in vaktlinje database; do
        [[ ! -e deploy/$file.env ]] || fail "deploy/$file.env is there: this must not touch a real one"
    done
    # shellcheck disable=SC2064 # as it is now
    trap "$engine compose -f deploy/compose.yaml down --volumes >/dev/null 2>&1
          rm -f deploy/vaktlinje.env deploy/database.env" EXIT
    sed 's/CHANGE-ME/tried-once/; s/@127.0.0.1/@database/' deploy/vaktlinje.env.example >deploy/vaktlinje.env
    sed -i 's/^TWILIO_ACCOUNT_SID=.*/TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001/' deploy/vaktlinje.env
    sed 's/CHANGE-ME/tried-once/' deploy/database.env.example >deploy/database.env
    "$engine" compose -f deploy/compose.yaml up --build --detach --wait
    curl --fail --silent --show-error --retry 30 --retry-all-errors http://127.0.0.1:8000/readyz
    curl --fail --silent --show-error http://127.0.0.1:8001/healthz
}

main
