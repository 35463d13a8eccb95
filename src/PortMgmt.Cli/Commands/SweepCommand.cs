using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary><c>sweep</c>: takes stale leases back now.</summary>
internal sealed class SweepCommand : CliCommand
{
    private readonly Option<string> _whatIf;

    /// <summary>Makes the verb.</summary>
    public SweepCommand(GlobalOptions globals)
        : base("sweep", "Take back every stale lease now, and say which and why.", globals) =>
        _whatIf = AddFlag("--what-if", "Only look.");

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        CommandOutput output = OpenOutput(parsed);
        IReadOnlyList<StalePort> stale = OpenToRead(parsed).Sweep(parsed.Has(_whatIf));
        if (output.Json)
        {
            output.WriteArray(stale, LeaseJson.Write);
        }
        else
        {
            output.WriteTable(TableOf(stale), "No stale leases.");
        }

        return ExitCodes.Done;
    }

    private static TextTable TableOf(IReadOnlyList<StalePort> stale)
    {
        var table = new TextTable("PORT", "PROTOCOL", "NAME", "PID", "CREATED", "REMOVED", "REASON");
        for (int i = 0; i < stale.Count; i++)
        {
            StalePort port = stale[i];
            table.Add(
                port.Removed ? RowStyle.Plain : RowStyle.Attention,
                LeaseListing.Number(port.Port),
                ProtocolName.From(port.Protocol),
                LeaseListing.Text(port.Name),
                LeaseListing.Number(port.OwnerProcessId),
                LeaseListing.Time(port.CreatedAt),
                port.Removed ? "yes" : "no",
                port.Reason);
        }

        return table;
    }
}
