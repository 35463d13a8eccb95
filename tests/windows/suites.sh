# What is run: items, which lanes take one after the other. Each class and each file leaves a report in $results, from which judge counts;
# one without a report has died.

# A whole class takes a minute or two at most, and the machine may have others to serve.
demo_limit=600
# Processes start a hundred times more slowly than on Linux.
export PORTMGMT_TEST_KILLS=40
class_limit=900
file_limit=1200

is_wanted() {
    [ $mode != all ] || return 0
    local part
    for part in "${only[@]}"; do
        [[ $1 != *"$part"* ]] || return 0
    done
    return 1
}

# attempt NAME REPORT LIMIT PROGRAM ARGUMENTS…: runs it, and once more when it left no report, did not end (the runtime also stands still
# in Wine), or could not start a program.
attempt() {
    local name=$1 report=$2 limit=$3 log=$results/$1.log code try
    shift 3
    for try in 1 2; do
        local begin=$SECONDS
        code=0
        run_wine "$limit" "$log" "$@" || code=$?
        if [ $code = 124 ] || [ $code = 137 ]; then
            echo "   $name: stopped after $limit s"
            [ $try = 2 ] || continue
            echo "$name" >> "$results/timed-out"
            return
        fi
        # Under load Wine fails to start a program now and then, whatever program it is.
        if [ $try = 1 ] && [ $code != 0 ] && grep -qs 'Internal error' "$report"; then
            echo "   $name: Wine refused to start a program"
            rm "$report"
            continue
        fi
        if [ -f "$report" ]; then
            [ $code != 0 ] || touch "$results/$name.ended-well"
            printf '   %-70s %4d s%s\n' "$name" $((SECONDS - begin)) "$([ $code = 0 ] || echo "   exit code $code")"
            return
        fi
        echo "   $name: died with exit code $code"
    done
    echo "$name" >> "$results/died"
}

run_demo() {
    local code=0
    run_wine $demo_limit "$results/demo.log" "$source/tests/PortMgmt.Cli.Tests/bin/Debug/net10.0/portmgmt.exe" demo || code=$?
    if [ $code = 0 ]; then
        echo "   demo"
        echo demo >> "$results/passed"
    else
        tail -20 "$results/demo.log"
        echo demo >> "$results/failed"
    fi
}

run_class() {
    local bin=$source/tests/$1/bin/Debug/net10.0
    attempt "$2" "$results/$2.xunit.xml" $class_limit "$bin/$1.exe" --filter-class "$2" --no-ansi --progress off \
        --results-directory "$(windows_path "$results")" --report-xunit-xml --report-xunit-xml-filename "$2.xunit.xml"
}

run_file() {
    local hosted=$source/tests/PortMgmt.Hosted.Tests/bin/Debug/net10.0
    PSModulePath=$(windows_path "$hosted/modules") NO_COLOR=1 attempt "$1" "$results/$1.json" $file_limit "$engine/pwsh.exe" -NoProfile -NonInteractive \
        -File "$(windows_path "$hosted/Pester/Invoke-TestFile.ps1")" -Path "$(windows_path "$source/tests/pester/$1")" -Results "$(windows_path "$results")"
}

# The program's assembly is the same on every system, so that its classes are listed here, in no time.
list_classes() {
    local classes
    classes=$(dotnet "$source/tests/$1/bin/Debug/net10.0/$1.dll" --list-tests | tr -d '\r' | sed -n 's/^  *\(PortMgmt[^( ]*\).*/\1/p' | sed 's/\.[^.]*$//' | sort -u)
    [ -n "$classes" ] || fail "$1 lists no tests."
    sed "s/^/run_class $1 /" <<< "$classes"
}

# The long ones first, so that no lane is left alone with one. What ended well is not among them when a run goes on.
list_items() {
    local command name
    {
        echo 'run_demo demo'
        list_classes PortMgmt.Cli.Tests
        (cd "$source/tests/pester" && printf 'run_file %s\n' *.Tests.ps1)
        list_classes PortMgmt.Core.Tests
        list_classes PortMgmt.Tests
    } > "$results/all-items"
    while read -r command; do
        name=${command##* }
        if { [ $mode = smoke ] && [ "$name" = demo ]; } || { is_wanted "$name" && [ ! -f "$results/$name.ended-well" ]; }; then
            echo "$command"
        fi
    done < "$results/all-items" > "$results/items"
}

# Reports of what is to be run now, or is no more, would be counted all the same.
drop_reports() {
    local report name
    for report in "$results"/*.xunit.xml "$results"/*.Tests.ps1.json; do
        name=$(basename "$report")
        name=${name%.xunit.xml}
        name=${name%.json}
        [ -f "$results/$name.ended-well" ] && grep -q " $name\$" "$results/all-items" || rm -f "$report" "$results/$name.ended-well"
    done
    rm -f "$results"/{passed,failed,died,timed-out}
}

next_item() {
    (
        flock 8
        head -n 1 "$results/items"
        sed -i 1d "$results/items"
    ) 8>"$results/items.lock"
}

run_lane() {
    trap stop_wine EXIT
    local item
    while item=$(next_item) && [ -n "$item" ]; do
        $item
    done
}

# Each lane has a Windows of its own: what one stops or leaves behind is nothing to the others.
run_items() {
    local lane job=() whole=true
    say "$(wc -l < "$results/items") of $(wc -l < "$results/all-items") classes and files, in $lanes lanes"
    trap stop_lanes EXIT
    for ((lane = 1; lane <= lanes; lane++)); do
        WINEPREFIX=$(prefix_of $lane) run_lane &
        job+=($!)
    done
    for lane in "${job[@]}"; do
        wait "$lane" || whole=false
    done
    $whole || fail 'A lane broke off, so that not everything was run.'
}

stop_lanes() {
    local lane
    # shellcheck disable=SC2046 # One word for each.
    kill $(jobs -p) 2>/dev/null || true
    for ((lane = 1; lane <= lanes; lane++)); do
        WINEPREFIX=$(prefix_of $lane) stop_wine
    done
}

judge() {
    local part='$false'
    case $mode in smoke | only) part='$true' ;; esac
    dotnet "$judging_engine" -NoProfile -NonInteractive -File "$here/Show-Result.ps1" -Path "$results" -Lacking "$here/lacking.csv" -Part:$part
}
