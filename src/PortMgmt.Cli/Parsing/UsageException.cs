using System.CommandLine;
using System.CommandLine.Parsing;

namespace PortMgmt.Cli.Parsing;

/// <summary>The arguments do not make a valid request; the message names the one that does not and what would.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The most telling of a parser's findings, with where to read on.</summary>
    public static UsageException From(ParseResult parsed)
    {
        // The parser takes an option that is not known for an argument, and misses what comes behind it.
        string? option = parsed.CommandResult.Tokens.Select(static token => token.Value).FirstOrDefault(static value => value.StartsWith("--", StringComparison.Ordinal));
        string finding = parsed.UnmatchedTokens.Count == 0 ? parsed.Errors[0].Message
            : option is null ? $"'{parsed.UnmatchedTokens[0]}' is no verb, option or argument here."
            : $"'{option}' is no option here.";
        return new UsageException($"{finding} Try '{Path(parsed.CommandResult)} --help'.");
    }

    private static string Path(CommandResult result) => result.Parent is CommandResult parent
        ? $"{Path(parent)} {result.Command.Name}"
        : result.Command.Name;
}
