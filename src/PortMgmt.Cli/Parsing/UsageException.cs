using System.CommandLine;

namespace PortMgmt.Cli.Parsing;

/// <summary>The arguments do not make a valid request; the message names the one that does not and what would.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The first of a parser's findings, with where to read on.</summary>
    public static UsageException Of(ParseResult parsed)
    {
        string path = "";
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
        {
            path = at.Parent is null ? path : $"{command.Command.Name} {path}";
        }

        return new UsageException($"{parsed.Errors[0].Message} Try 'portmgmt {path}--help'.");
    }
}
