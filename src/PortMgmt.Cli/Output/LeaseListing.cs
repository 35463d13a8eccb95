using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Cli.Output;

/// <summary>Leases as a table for people.</summary>
internal static class LeaseListing
{
    /// <summary>Makes the table.</summary>
    /// <param name="leases">The leases, in the order they are to be shown.</param>
    /// <param name="withListeners">Whether the listeners were looked up.</param>
    public static TextTable Create(IReadOnlyList<PortLease> leases, bool withListeners)
    {
        bool withScopes = leases.Any(static lease => lease.Scope.Length > 0);
        var table = new TextTable(
            ["PORT", "PROTOCOL", "NAME", .. withScopes ? (string[])["SCOPE"] : [], "PID", "USER", "CREATED", "EXPIRES", "STATE", .. withListeners ? (string[])["LISTENER"] : []]);
        for (int i = 0; i < leases.Count; i++)
        {
            PortLease lease = leases[i];
            string[] cells = Cells(lease, withScopes);
            table.Add(StyleOf(lease), withListeners ? [.. cells, Listener(lease)] : cells);
        }

        return table;
    }

    /// <summary>A time, to the second.</summary>
    public static string Time(DateTimeOffset? time) => time is { } moment ? TimeText.Format(moment) : "-";

    /// <summary>A number, or a dash for none.</summary>
    public static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A text, or a dash for none.</summary>
    public static string Text(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static string[] Cells(PortLease lease, bool withScopes) =>
    [
        Number(lease.Port),
        ProtocolName.From(lease.Protocol),
        Text(lease.Name),
        .. withScopes ? (string[])[Text(lease.Scope)] : [],
        Number(lease.OwnerProcessId),
        Text(lease.UserName),
        Time(lease.CreatedAt),
        Time(lease.ExpiresAt),
        lease.State.ToString(),
    ];

    private static string Listener(PortLease lease) => lease.Listener is { } listener
        ? $"{Text(listener.Program)} ({Number(listener.Id)}){(lease.ListenerMismatch == true ? " not the owner" : "")}"
        : "-";

    private static RowStyle StyleOf(PortLease lease) => lease switch
    {
        { ListenerMismatch: true } => RowStyle.Attention,
        { State: PortLeaseState.Stale } => RowStyle.Attention,
        { State: PortLeaseState.Quarantined } => RowStyle.Faint,
        _ => RowStyle.Plain,
    };
}
