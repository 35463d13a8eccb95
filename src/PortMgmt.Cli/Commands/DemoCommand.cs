using System.CommandLine;

namespace PortMgmt.Cli.Commands;

internal sealed class DemoCommand(GlobalOptions globals) : CliCommand("demo", "x", globals)
{
    protected override int Execute(ParseResult parsed) => 0;
}
