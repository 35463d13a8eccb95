using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using PortMgmt.Cli.Output;

namespace PortMgmt.Cli.Commands;

/// <summary>
/// Prints the parser's help with what the parser does not know: the command behind <c>--</c>, and the exit codes. In one piece and not
/// through <see cref="Console"/>, so that an output that is closed or full is an error like any other.
/// </summary>
internal sealed class PrintHelpAction : SynchronousCommandLineAction
{
    private const string Options = "[options]";
    private const string Codes =
        """
        Exit codes:
          0 done; 1 finished, but an operation failed, a wait ran out of time or the output could not be written; 2 usage;
          3 port or lease not to be had; 4 registry; 5 not owned, or in conflict; 6 broker; 130 interrupted.
          run: those of the command; 125 when it was not reached, 126 when it cannot be run, 127 when it is not found.


        """;

    private readonly HelpAction _help = new();

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        using var help = new StringWriter(CultureInfo.InvariantCulture);
        parseResult.InvocationConfiguration.Output = help;
        _help.Invoke(parseResult);
        string text = help.ToString().ReplaceLineEndings("\n");
        Command command = parseResult.CommandResult.Command;
        if (command is CliCommand { TakesCommand: true })
        {
            int end = text.IndexOf(Options, StringComparison.Ordinal) + Options.Length;
            text = text.Insert(end, " -- COMMAND [ARGUMENTS]");
        }
        else if (command == parseResult.RootCommandResult.Command)
        {
            text += Codes.ReplaceLineEndings("\n");
        }

        using Stream output = StandardStream.OpenOutput();
        output.Write(Encoding.UTF8.GetBytes(text));
        return ExitCodes.Done;
    }
}
