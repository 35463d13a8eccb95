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
            ? new ArgumentSplit(KeepEmptyValues(arguments), null)
            : new ArgumentSplit(KeepEmptyValues(arguments[..separator]), arguments[(separator + 1)..]);
    }

    // The parser takes --name= for an option whose value is the next argument: said apart, its value is empty.
    private static string[] KeepEmptyValues(string[] arguments) =>
        [.. arguments.SelectMany<string, string>(argument => IsEmptyValue(argument) ? [argument[..^1], ""] : [argument])];

    private static bool IsEmptyValue(string argument) =>
        argument.Length > 3 && argument.StartsWith("--", StringComparison.Ordinal) && argument.AsSpan().IndexOfAny('=', ':') == argument.Length - 1;
}
