using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Output;

/// <summary>Leases as a table for people.</summary>
internal static class LeaseTable
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'";

    /// <summary>Makes the table.</summary>
    /// <param name="leases">The leases, in the order they are to be shown.</param>
    /// <param name="withListeners">Whether the listeners were looked up.</param>
    public static TextTable Of(IReadOnlyList<PortLease> leases, bool withListeners)
    {
        TextTable table = withListeners
            ? new TextTable("PORT", "PROTOCOL", "NAME", "PID", "USER", "CREATED", "EXPIRES", "STATE", "LISTENER")
            : new TextTable("PORT", "PROTOCOL", "NAME", "PID", "USER", "CREATED", "EXPIRES", "STATE");
        for (int i = 0; i < leases.Count; i++)
        {
            PortLease lease = leases[i];
            string[] cells = Cells(lease);
            table.Add(ToneOf(lease), withListeners ? [.. cells, Listener(lease)] : cells);
        }

        return table;
    }

    /// <summary>A time, to the second.</summary>
    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A number, or a dash for none.</summary>
    public static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A text, or a dash for none.</summary>
    public static string Text(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static string[] Cells(PortLease lease) =>
    [
        Number(lease.Port),
        ProtocolName.Of(lease.Protocol),
        Text(lease.Name),
        Number(lease.OwnerProcessId),
        Text(lease.UserName),
        Time(lease.CreatedAt),
        Time(lease.ExpiresAt),
        lease.State.ToString(),
    ];

    private static string Listener(PortLease lease) => lease.Listener is { } listener
        ? $"{Text(listener.Program)} ({Number(listener.Id)}){(lease.ListenerMismatch == true ? " not the owner" : "")}"
        : "-";

    private static Tone ToneOf(PortLease lease) => lease switch
    {
        { ListenerMismatch: true } => Tone.Attention,
        { State: PortLeaseState.Stale } => Tone.Attention,
        { State: PortLeaseState.Quarantined } => Tone.Faint,
        _ => Tone.Plain,
    };
}
