namespace PortMgmt.Heads;

/// <summary>The environment variable that has the port of a name; and which variables may have a port at all.</summary>
/// <param name="Name">The name of the lease.</param>
/// <param name="Variable">The variable.</param>
internal sealed record PortVariable(string Name, string Variable)
{
    /// <summary>How a variable can be written, for error messages.</summary>
    public const string Rule = "Write letters, digits and _, not beginning with a digit, such as HTTP_PORT.";

    private const string Ending = "_PORT";

    // What the system, shells and servers take from these would be a port instead.
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "PATH", "HOME", "IFS", "ENV", "SHELL", "SHELLOPTS", "CDPATH", "GLOBIGNORE", "PROMPT_COMMAND", "FPATH", "ZDOTDIR", "FCEDIT", "INPUTRC",
        "UID", "EUID", "PPID", "PWD", "OLDPWD", "USER", "LOGNAME", "USERNAME", "TMPDIR", "TMP", "TEMP", "TZ", "TZDIR", "TERM", "TERMCAP", "TERMINFO", "LANG", "LANGUAGE",
        "LOCPATH", "NLSPATH", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS", "DISPLAY", "EDITOR", "VISUAL", "PAGER", "BROWSER", "LESSOPEN", "LESSCLOSE", "MANPATH",
        "COMSPEC", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "USERDOMAIN", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "ALLUSERSPROFILE", "PROGRAMFILES",
        "PUBLIC", "HOMEDRIVE", "HOMEPATH", "OS", "COMPUTERNAME", "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS",
        "CLASSPATH", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "MAKEFLAGS", "MAKEFILES", "MFLAGS", "GOFLAGS", "RUSTFLAGS", "RUSTC_WRAPPER",
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "DOCKER_HOST", "KUBECONFIG",
        "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "MAINPID",
    };

    // Loaders and runtimes take files, code and options from all that begins so.
    private static readonly string[] TakenBeginnings = ["LD_", "DYLD_", "DOTNET_", "PS", "PORTMGMT_", "COMPLUS_", "CORECLR_", "COR_", "COREHOST_", "LC_", "SUDO_"];

    // The same, but NODE_PORT and GIT_PORT are what anybody would call the port of a node and of git.
    private static readonly string[] TakenBeginningsButForPorts =
        ["BASH", "NODE_", "NPM_", "PYTHON", "PERL", "RUBY", "GEM_", "BUNDLE_", "LUA_", "PHP", "GIT_", "SSH_", "GLIBC_", "MALLOC_", "GCONV_", "MSBUILD", "NUGET_", "SYSTEMD_", "DBUS_", "XDG_"];

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
