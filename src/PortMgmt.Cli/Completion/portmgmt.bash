# Completion of portmgmt for bash 3.2 and later. Load it by: source <(portmgmt completion bash)

_portmgmt() {
    local line=${COMP_LINE:0:COMP_POINT} typed=$2 i value rest current prefix
    local -a words
    COMPREPLY=()

    # A command behind -- completes as it does by itself.
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == -- ]]; then
            if declare -F _command_offset > /dev/null; then
                _command_offset $((i + 1))
            elif ((COMP_CWORD == i + 1)); then
                while read -r value; do COMPREPLY+=("$value"); done < <(compgen -c -- "$typed")
            fi
            return
        fi
    done

    # bash splits words at : and = as well, which names and options have within them.
    read -ra words <<< "$line"
    if [[ $line == *[[:space:]] ]]; then
        words+=('')
    fi
    current=${words[${#words[@]} - 1]}
    while IFS=$'\t' read -r value rest; do
        COMPREPLY+=("$value")
    done < <("$1" complete -- "${words[@]:1}" 2> /dev/null)

    # It puts back only what follows the last of these.
    if [[ $typed == [:=] ]]; then
        typed=''
    fi
    prefix=${current%"$typed"}
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
}

complete -o default -F _portmgmt portmgmt
