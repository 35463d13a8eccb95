using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using PortMgmt.Cli.Help;
using PortMgmt.Cli.Output;

namespace PortMgmt.Cli.Commands;

/// <summary>Prints a page of help. In one piece and not through <see cref="Console"/>, so that an output that is closed or full is an error like any other.</summary>
internal sealed class PrintHelpAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Print(parseResult.CommandResult.Command);
        return ExitCodes.Done;
    }

    /// <summary>Prints the page of a verb.</summary>
    public static void Print(Command command)
    {
        using Stream output = StandardStream.OpenOutput();
        output.Write(Encoding.UTF8.GetBytes(HelpPage.Create(command)));
    }
}
