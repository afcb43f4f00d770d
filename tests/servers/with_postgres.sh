#!/usr/bin/env bash
# Usage: with_postgres.sh COMMAND...
# Runs COMMAND with TUNEWORTH_TEST_POSTGRES_URL set to a PostgreSQL of its own, which ends with it.
set -euo pipefail

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
bin=${bin%/initdb}
if [[ -z $bin ]]; then
    echo "PostgreSQL is not installed; on Debian: apt-get install postgresql" >&2
    exit 1
fi

# The server refuses to run as root.
as_owner=()
folder=$(mktemp -d)
if [[ $(id -u) -eq 0 ]]; then
    as_owner=(runuser -u postgres --)
    chown postgres "$folder"
fi

stop() {
    (cd "$folder" && "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop) \
        >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

python=${PYTHON:-python3}
port=$("$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$("$python" -c 'import secrets; print(secrets.token_hex(16))')

# A password, since every account of a shared machine reaches the loopback port.
start() {
    cd "$folder"
    "${as_owner[@]}" tee "$folder/password" <<<"$password" >/dev/null
    "${as_owner[@]}" "$bin/initdb" -D "$folder/data" -U tuneworth --pwfile="$folder/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync
    "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" start \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder"
}
if ! (start) >"$folder/start.log" 2>&1; then
    cat "$folder"/*.log >&2
    exit 1
fi

export TUNEWORTH_TEST_POSTGRES_URL="postgresql+psycopg://tuneworth:$password@127.0.0.1:$port/postgres"
"$@"
