#!/usr/bin/env bash
# Operations a second through a cluster, end to end, beside the bare client, on one throw-away broker in one run.
# Needs Debian's rabbitmq-server, and the .NET SDK. With PORTMGMT_BROKER set, that broker is used instead.
# usage: benchmarks/cluster.sh [operations a round]
#        benchmarks/cluster.sh --partitions [operations a round [workers]]     one type with 1 to 12 partitions, on three nodes
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -v q --nologo -c Release benchmarks/PortMgmt.Benchmarks >/dev/null
bench=benchmarks/PortMgmt.Benchmarks/bin/Release/net10.0/PortMgmt.Benchmarks

if [ "${1:-}" = --partitions ]; then
    shift
    if [ -z "${PORTMGMT_BROKER:-}" ]; then
        dotnet build -v q --nologo tests/PortMgmt.TestNode >/dev/null
        coproc brokers { exec dotnet tests/PortMgmt.TestNode/bin/Debug/net10.0/PortMgmt.TestNode.dll brokers; }
        end=${brokers[1]} pid=$brokers_PID
        trap 'eval "exec $end>&-"; wait "$pid" 2>/dev/null' EXIT
        read -r PORTMGMT_BROKER <&"${brokers[0]}"
        export PORTMGMT_BROKER
    fi
    "$bench" partitions "$@"
    exit
fi

if [ -z "${PORTMGMT_BROKER:-}" ]; then
    server=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin | head -1)
    work=$(mktemp -d)
    ports=($(PORTMGMT_REGISTRY=$work/registry dotnet run -v q -c Release --project src/PortMgmt.Cli -- lease new --name rabbitmq --count 3))
    export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=${ports[2]}
    epmd -port "${ports[2]}" -address 127.0.0.1 &
    epmd=$!
    printf 'listeners.tcp.1 = 127.0.0.1:%s\n' "${ports[0]}" >"$work/rabbitmq.conf"
    echo '[].' >"$work/plugins"
    env HOME="$work" RABBITMQ_NODENAME="portmgmt-bench-$$@localhost" RABBITMQ_DIST_PORT="${ports[1]}" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
        RABBITMQ_MNESIA_BASE="$work/data" RABBITMQ_LOG_BASE="$work/log" RABBITMQ_CONF_ENV_FILE="$work/none" \
        RABBITMQ_CONFIG_FILE="$work/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$work/none.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$work/plugins" RABBITMQ_FEATURE_FLAGS_FILE="$work/flags" RABBITMQ_PID_FILE="$work/pid" \
        "$server/rabbitmq-server" >/dev/null 2>&1 &
    trap 'kill -9 "$(cat "$work/pid")" $epmd 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
    export PORTMGMT_BROKER=amqp://127.0.0.1:${ports[0]}
    until (echo >"/dev/tcp/127.0.0.1/${ports[0]}") 2>/dev/null; do sleep 0.3; done
    sleep 2
fi
"$bench" cluster "$@"
