using System.CommandLine;
using System.CommandLine.Parsing;

namespace PortMgmt.Cli.Parsing;

/// <summary>What follows an option that wants a value: the parser takes the next word for it, whatever that is.</summary>
internal static class OptionValues
{
    /// <summary>Refuses an option whose value was forgotten, so that the option behind it would be its value.</summary>
    /// <exception cref="UsageException">An option's value is another option.</exception>
    public static void Check(ParseResult parsed)
    {
        foreach (OptionResult given in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (given.Tokens.FirstOrDefault(token => IsOption(parsed.CommandResult, token.Value)) is { } other)
            {
                throw new UsageException($"{given.Option.Name} has no value: '{other.Value}' follows it, which is an option itself. Give it one, or leave it out.");
            }
        }
    }

    private static bool IsOption(CommandResult result, string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && result.Command.Options.Any(option => option.Name == word || option.Aliases.Contains(word));
}
