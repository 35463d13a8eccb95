namespace PortMgmt.Heads;

/// <summary>The environment variable that has the port of a name; and which variables may have a port at all.</summary>
/// <param name="Name">The name of the lease.</param>
/// <param name="Variable">The variable.</param>
internal sealed record PortVariable(string Name, string Variable)
{
    /// <summary>How a variable can be written, for error messages.</summary>
    public const string Rule = "Write letters, digits and _, not beginning with a digit, such as HTTP_PORT.";

    private const string Ending = "_PORT";

    // What the system, shells and servers take from these would be a port instead. A shell changes some of them by itself (RANDOM, SECONDS,
    // OPTIND), so that a port would not even stay there, and does something else because of others (HISTFILE, TMOUT, POSIXLY_CORRECT).
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        // Every program: where things are, who and where one is.
        "_", "PATH", "HOME", "SHELL", "PWD", "OLDPWD", "USER", "LOGNAME", "USERNAME", "TMPDIR", "TMP", "TEMP", "TZ", "TZDIR", "TERM", "TERMCAP", "TERMINFO", "TERMINFO_DIRS",
        "LANG", "LANGUAGE", "LOCPATH", "NLSPATH", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "EDITOR", "VISUAL", "PAGER", "BROWSER",
        "LESS", "LESSOPEN", "LESSCLOSE", "MANPATH", "INFOPATH", "COLUMNS", "LINES", "MAIL", "HOSTNAME",

        // Shells of POSIX, bash, zsh and ksh.
        "IFS", "ENV", "SHELLOPTS", "CDPATH", "GLOBIGNORE", "EXECIGNORE", "FIGNORE", "PROMPT_COMMAND", "PROMPT_DIRTRIM", "POSIXLY_CORRECT", "FPATH", "ZDOTDIR", "FCEDIT", "INPUTRC",
        "UID", "EUID", "GID", "EGID", "PPID", "GROUPS", "SHLVL", "RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "OPTIND", "OPTARG", "OPTERR", "REPLY",
        "DIRSTACK", "FUNCNAME", "FUNCNEST", "PIPESTATUS", "MAPFILE", "COPROC", "COMPREPLY", "HOSTTYPE", "MACHTYPE", "OSTYPE", "HOSTFILE", "CHILD_MAX", "IGNOREEOF", "TIMEFORMAT", "TMOUT",
        "MAILCHECK", "MAILPATH", "HISTFILE", "HISTFILESIZE", "HISTSIZE", "HISTCONTROL", "HISTIGNORE", "HISTTIMEFORMAT", "HISTCMD", "HISTCHARS", "SAVEHIST", "NULLCMD", "READNULLCMD",
        "ARGV", "ARGV0", "ARGC", "STATUS", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4", "RPROMPT", "RPROMPT2", "SPROMPT", "STTY", "KEYTIMEOUT", "WORDCHARS", "MODULE_PATH", "CMD_DURATION",
        "KEYBOARD_HACK", "LISTMAX", "TIMEFMT", "TMPPREFIX", "TRY_BLOCK_ERROR", "TRY_BLOCK_INTERRUPT", "TTY", "TTYIDLE", "WATCH", "HOST", "CPUTYPE", "VENDOR", "UMASK", "VERSION", "STATUS_GENERATION",

        // Tables that zsh has of itself in its modules, most of which cannot be set.
        "ALIASES", "BUILTINS", "COMMANDS", "EPOCHTIME", "ERRNOS", "FUNCFILETRACE", "FUNCSOURCETRACE", "FUNCSTACK", "FUNCTIONS", "FUNCTIONS_SOURCE", "FUNCTRACE", "GALIASES", "HISTORY",
        "HISTORYWORDS", "JOBDIRS", "JOBSTATES", "JOBTEXTS", "KEYMAPS", "MODULES", "NAMEDDIRS", "OPTIONS", "PARAMETERS", "PATCHARS", "RESWORDS", "SALIASES", "SIGNALS", "SYSPARAMS",
        "USERDIRS", "USERGROUPS", "WIDGETS",

        // Windows.
        "COMSPEC", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "USERDOMAIN", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ALLUSERSPROFILE", "PROGRAMFILES",
        "PUBLIC", "HOMEDRIVE", "HOMEPATH", "OS", "COMPUTERNAME", "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS", "ERRORLEVEL", "CD", "DATE", "TIME",

        // Runtimes, compilers and build programs: options, files and programs that they take from these.
        "CLASSPATH", "JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CATALINA_OPTS", "MAVEN_OPTS", "MAVEN_ARGS", "GRADLE_OPTS", "SBT_OPTS",
        "MAKEFLAGS", "MAKEFILES", "MAKELEVEL", "MFLAGS", "GOFLAGS", "GODEBUG", "GOPATH", "GOROOT", "GOPROXY", "GOTOOLCHAIN", "RUSTC", "RUSTFLAGS", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN",
        "CC", "CXX", "CPP", "LD", "AR", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "CPATH", "LIBRARY_PATH", "GCC_EXEC_PREFIX", "COMPILER_PATH", "ELECTRON_RUN_AS_NODE", "TCLLIBPATH",

        // The network, and what hands things over.
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_MODULES", "CURL_HOME", "NETRC",
        "DOCKER_HOST", "KUBECONFIG", "RSYNC_RSH", "CVS_RSH", "SVN_SSH", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "MAINPID", "WATCHDOG_PID", "WATCHDOG_USEC",
    };

    // Loaders and runtimes take files, code and options from all that begins so.
    private static readonly string[] TakenBeginnings = ["LD_", "DYLD_", "DOTNET_", "PS", "PORTMGMT_", "COMPLUS_", "CORECLR_", "COR_", "COREHOST_", "LC_", "SUDO_"];

    // The same, but NODE_PORT and GIT_PORT are what anybody would call the port of a node and of git.
    private static readonly string[] TakenBeginningsButForPorts =
    [
        "BASH", "READLINE_", "COMP_", "ZLE_", "ZSH", "DIS_", "FISH_", "__FISH_", "NODE_", "NPM_", "YARN_", "PNPM_", "DENO_", "BUN_", "PYTHON", "PIP_", "UV_", "CONDA_", "PERL", "RUBY", "GEM_", "BUNDLE_", "CARGO_",
        "LUA_", "PHP", "GIT_", "SSH_", "GLIBC_", "MALLOC_", "GCONV_", "MSBUILD", "NUGET_", "DOCKER_", "COMPOSE_", "SYSTEMD_", "DBUS_", "XDG_", "QT_", "GTK_",
    ];

    /// <summary>Whether every shell can read a variable of that name.</summary>
    /// <param name="variable">Any text.</param>
    public static bool IsWritable(string variable) =>
        variable.Length > 0 && !char.IsAsciiDigit(variable[0]) && variable.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_');

    /// <summary>What speaks against giving a port to a variable, in a sentence or two; null for nothing.</summary>
    /// <param name="variable">Any text.</param>
    public static string? FindFault(string variable) =>
        !IsWritable(variable) ? $"'{variable}' is no name of an environment variable. {Rule}"
        : IsTaken(variable) ? $"'{variable}' is an environment variable from which the system, shells or programs take something other than a port. Name another, such as HTTP_PORT."
        : null;

    /// <summary>The variable of a name: in capitals, with one _ for whatever comes between letters and digits, and _PORT behind it.</summary>
    /// <param name="name">The name of a lease.</param>
    /// <returns>The variable; null where the name has neither letter nor digit. It may still be one that <see cref="FindFault"/> speaks against.</returns>
    public static string? FromName(string name)
    {
        string[] words = string.Concat(name.Select(static character => char.IsAsciiLetterOrDigit(character) ? char.ToUpperInvariant(character) : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : $"{(char.IsAsciiDigit(words[0][0]) ? "_" : "")}{string.Join('_', words)}{Ending}";
    }

    private static bool IsTaken(string variable) => Taken.Contains(variable)
        || StartsWithAny(variable, TakenBeginnings)
        || (StartsWithAny(variable, TakenBeginningsButForPorts) && !IsOfPort(variable));

    private static bool StartsWithAny(string variable, string[] beginnings) =>
        beginnings.Any(beginning => variable.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the variable ends in _PORT, _PORTS or _PORT_1.</summary>
    private static bool IsOfPort(string variable)
    {
        string text = variable.TrimEnd("0123456789".ToCharArray());
        text = text.Length < variable.Length ? text.TrimEnd('_') : text;
        return text.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) || text.EndsWith(Ending + "S", StringComparison.OrdinalIgnoreCase);
    }
}
