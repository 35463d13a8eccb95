#!/bin/sh
# Runs docker compose with a host port that nobody else has. The lease belongs to docker compose, in the foreground, and ends
# with it; the port tends to be the same on every start.
#
#   examples/services/compose-up.sh            up
#   examples/services/compose-up.sh --build    up --build
set -eu
directory=$(cd "$(dirname "$0")" && pwd)
exec portmgmt run --name "compose-$(basename "$directory")" --env WEB_PORT -- docker compose --file "$directory/compose.yaml" up "$@"
