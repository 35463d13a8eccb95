using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Heads;
using PortMgmt.Listeners;

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
        IReadOnlyList<PortListener> found = PortListeners.Find(port);

        // Read after the listeners: whoever leases a port does so before it listens there.
        var leases = ListenerLeases.Read(() => OpenRegistry(parsed), port, ErrorLine.Warn);
        PortListener[] listeners = [.. found.Select(leases.AddName)];
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

    private static TextTable TableOf(PortListener[] listeners)
    {
        var table = new TextTable("PORT", "PROTOCOL", "ADDRESS", "PID", "PROGRAM", "LEASE");
        for (int i = 0; i < listeners.Length; i++)
        {
            PortListener listener = listeners[i];
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
