# What is run. Each class and each file leaves a report in $results, from which judge counts; one without a report has died.

class_limit=600
file_limit=900

is_wanted() {
    [ $mode != all ] || return 0
    local part
    for part in "${only[@]}"; do
        [[ $1 != *"$part"* ]] || return 0
    done
    return 1
}

# attempt NAME REPORT LIMIT PROGRAM ARGUMENTS…: runs it, and once more when it left no report or did not end: the runtime also stands still in Wine.
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
        if [ -f "$report" ]; then
            printf '   %-70s %4d s%s\n' "$name" $((SECONDS - begin)) "$([ $code = 0 ] || echo "   exit code $code")"
            return
        fi
        echo "   $name: died with exit code $code"
    done
    echo "$name" >> "$results/died"
}

run_demo() {
    if ! is_wanted demo && [ $mode != smoke ]; then
        return
    fi
    say 'the command line: demo'
    local code=0
    run_wine 120 "$results/demo.log" "$source/tests/PortMgmt.Cli.Tests/bin/Debug/net10.0/portmgmt.exe" demo || code=$?
    if [ $code = 0 ]; then
        echo demo >> "$results/passed"
    else
        tail -20 "$results/demo.log"
        echo demo >> "$results/failed"
    fi
}

# The program's assembly is the same on every system, so that its classes are listed here, in no time.
list_classes() {
    dotnet "$source/tests/$1/bin/Debug/net10.0/$1.dll" --list-tests | tr -d '\r' | sed -n 's/^  *\(PortMgmt[^( ]*\).*/\1/p' | sed 's/\.[^.]*$//' | sort -u
}

run_xunit() {
    local bin=$source/tests/$1/bin/Debug/net10.0 class classes
    classes=$(list_classes "$1")
    [ -n "$classes" ] || fail "$1 lists no tests."
    say "$1: $(wc -l <<< "$classes") classes"
    while read -r class <&3; do
        is_wanted "$class" || continue
        attempt "$class" "$results/$class.xunit.xml" $class_limit "$bin/$1.exe" --filter-class "$class" --no-ansi --progress off \
            --results-directory "$(windows_path "$results")" --report-xunit-xml --report-xunit-xml-filename "$class.xunit.xml"
    done 3<<< "$classes"
}

run_pester() {
    local file name hosted=$source/tests/PortMgmt.Hosted.Tests/bin/Debug/net10.0
    PSModulePath=$(windows_path "$hosted/modules")
    export PSModulePath
    say 'Pester, in PowerShell for Windows'
    for file in "$source"/tests/pester/*.Tests.ps1; do
        name=$(basename "$file")
        is_wanted "$name" || continue
        NO_COLOR=1 attempt "$name" "$results/$name.json" $file_limit "$engine/win/pwsh.exe" -NoProfile -NonInteractive \
            -File "$(windows_path "$hosted/Pester/Invoke-TestFile.ps1")" -Path "$(windows_path "$file")" -Results "$(windows_path "$results")"
    done
}

judge() {
    dotnet "$engine/unix/pwsh.dll" -NoProfile -NonInteractive -File "$here/Show-Result.ps1" -Path "$results" -Lacking "$here/lacking.csv" -Part:$([ $mode = all ] && echo '$false' || echo '$true')
}
