# Completion of portmgmt for fish. Load it by: portmgmt completion fish | source

function __portmgmt_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)

    # A command behind -- completes as it does by itself.
    set -l separator (contains -i -- -- $words)
    if set -q separator[1]
        set -l rest $words[(math $separator + 1)..]
        complete -C (string join ' ' -- (string escape -- $rest) "$current")
        return
    end

    set -l found (command $words[1] complete -- $words[2..] "$current" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path $current
    end
end

complete -c portmgmt -f -a '(__portmgmt_complete)'
