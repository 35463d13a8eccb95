# Runs a program for Windows, with a time limit and a terminal: without one PowerShell is silent in Wine, or dies in its console host.

windows_path() {
    echo "Z:${1//\//\\}"
}

# run_wine SECONDS LOG PROGRAM ARGUMENTS…: its exit code; 124 when its time was over.
run_wine() {
    local limit=$1 log=$2 code=0
    shift 2
    local command
    command=$(printf '%q ' wine "$@")
    DOTNET_ROOT=$(windows_path "$runtime") timeout --kill-after=10 "$limit" script -qefc "$command" /dev/null </dev/null >"$log" 2>&1 || code=$?
    # What the program left behind would be met by the next.
    if [ $code != 0 ]; then
        stop_wine
    fi
    return $code
}

stop_wine() {
    wineserver -k 2>/dev/null || true
    wineserver -w 2>/dev/null || true
}
