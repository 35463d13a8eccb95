using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
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
        IReadOnlyList<PortListener> listeners = WithLeaseNames(PortListeners.Find(port), OpenRegistry(parsed), port);
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

    private static PortListener[] WithLeaseNames(IReadOnlyList<PortListener> listeners, PortRegistry registry, int? port)
    {
        IReadOnlyList<PortLease> leases = registry.GetLeases(new PortLeaseFilter { Port = port, State = PortLeaseState.Active });
        ILookup<int, PortLease> byPort = leases.ToLookup(lease => lease.Port);
        return [.. listeners.Select(listener => listener with { LeaseName = LeaseNameOf(listener, byPort[listener.Port]) })];
    }

    private static string? LeaseNameOf(PortListener listener, IEnumerable<PortLease> leases) =>
        leases.FirstOrDefault(lease => lease.Protocol == PortProtocol.Both || lease.Protocol == listener.Protocol)?.Name;

    private static TextTable TableOf(IReadOnlyList<PortListener> listeners)
    {
        var table = new TextTable("PORT", "PROTOCOL", "ADDRESS", "PID", "PROGRAM", "LEASE");
        for (int i = 0; i < listeners.Count; i++)
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
