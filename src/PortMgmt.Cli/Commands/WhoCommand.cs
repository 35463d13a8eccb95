using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary><c>who</c>: who listens where, and under which lease.</summary>
internal sealed class WhoCommand : CliCommand
{
    private readonly Argument<string> _port = new("PORT") { Description = "Only this port.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Makes the verb.</summary>
    public WhoCommand(GlobalOptions globals)
        : base("who", "Show which processes listen on which ports.", globals) => Arguments.Add(_port);

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        int? port = parsed.GetValue(_port) is { } text ? ParseResultExtensions.ParseNumber(text, "PORT", 1, 65535) : null;
        CommandOutput output = OpenOutput(parsed);
        IReadOnlyList<PortListener> listeners = new LeasedListeners(() => OpenRegistry(parsed), ErrorLine.Warn).Find(port, PortProtocol.Both);
        if (output.Json)
        {
            output.WriteArray(listeners, LeaseJson.Write);
        }
        else
        {
            output.WriteTable(TableOf(listeners), port is null ? "Nothing listens." : $"Nothing listens on port {port}.");
        }

        return ExitCodes.Done;
    }

    private static TextTable TableOf(IReadOnlyList<PortListener> listeners)
    {
        var table = new TextTable("PORT", "PROTOCOL", "ADDRESS", "PID", "PROGRAM", "LEASE");
        foreach (PortListener listener in listeners)
        {
            table.Add(
                RowStyle.Plain,
                LeaseListing.Number(listener.Port),
                ProtocolName.From(listener.Protocol),
                listener.Address.ToString(),
                LeaseListing.Number(listener.Id),
                LeaseListing.Text(listener.Program),
                LeaseListing.Text(listener.LeaseName));
        }

        return table;
    }
}
