using System.CommandLine;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary><c>help</c>: what <c>--help</c> of a verb says.</summary>
internal sealed class HelpCommand : CliCommand
{
    private readonly Argument<string[]> _verb = new("VERB") { Description = "The verb, such as run or lease new.", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>Makes the verb.</summary>
    public HelpCommand(GlobalOptions globals)
        : base("help", "Say more of a verb.", globals) => Arguments.Add(_verb);

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        Command command = parsed.RootCommandResult.Command;
        foreach (string name in parsed.GetValue(_verb) ?? [])
        {
            command = command.Subcommands.FirstOrDefault(verb => verb.Name == name)
                ?? throw new UsageException($"'{name}' is no verb. 'portmgmt help' lists those there are.");
        }

        PrintHelpAction.Print(command);
        return ExitCodes.Done;
    }
}
