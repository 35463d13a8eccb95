#compdef portmgmt
# Completion of portmgmt for zsh. Load it after compinit by: source <(portmgmt completion zsh)

_portmgmt() {
    local line
    local -a lines candidates
    local -i separator=${words[(i)--]}

    # A command behind -- completes as it does by itself.
    if ((separator < CURRENT)); then
        shift $separator words
        ((CURRENT -= separator))
        _normal
        return
    fi

    lines=("${(@f)$(command ${(Q)words[1]} complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    for line in $lines; do
        [[ -n $line ]] && candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if (($#candidates)); then
        _describe -t values 'portmgmt' candidates
    else
        _files
    fi
}

if [[ $funcstack[1] == _portmgmt ]]; then
    _portmgmt "$@"
else
    compdef _portmgmt portmgmt
fi
