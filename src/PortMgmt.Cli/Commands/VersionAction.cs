using System.CommandLine;
using System.CommandLine.Invocation;
using PortMgmt.Cli.Output;

namespace PortMgmt.Cli.Commands;

/// <summary>Prints the product's version.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        string version = typeof(VersionAction).Assembly.GetName().Version!.ToString(3);
        new CommandOutput(StandardStream.OpenOutput(), json: false).WriteLine(version);
        return ExitCodes.Done;
    }
}
