namespace PortMgmt.Cli.Parsing;

/// <summary>Arguments cut at the first <c>--</c>: ours before it, a command's after it, which no parser of ours may look at.</summary>
/// <param name="Own">What is ours.</param>
/// <param name="Command">The command and its arguments; null when there is no <c>--</c>.</param>
internal sealed record ArgumentSplit(string[] Own, string[]? Command)
{
    /// <summary>Cuts the arguments.</summary>
    public static ArgumentSplit From(string[] arguments)
    {
        int separator = Array.IndexOf(arguments, "--");
        return separator < 0
            ? new ArgumentSplit(arguments, null)
            : new ArgumentSplit(arguments[..separator], arguments[(separator + 1)..]);
    }
}
