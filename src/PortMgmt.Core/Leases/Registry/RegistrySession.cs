using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>One call on the registry: the locked table and what holds for the length of the call. Used by one thread.</summary>
internal sealed class RegistrySession
{
    /// <summary>How long a port is in quarantine after its lease: TIME_WAIT of Linux and macOS, and more than that of Windows' default peers.</summary>
    public const long QuarantineMilliseconds = 60_000;

    private readonly Lazy<PortRules> _rules;

    public RegistrySession(HostPlatform platform, LeaseTable table, Lazy<PortRules> rules, TimeProvider time)
    {
        Platform = platform;
        Table = table;
        _rules = rules;
        UtcNow = time.GetUtcNow();
        Now = MonotonicNow(time, platform);
        Liveness = new LeaseLiveness(platform, Now);
    }

    public HostPlatform Platform { get; }

    public LeaseTable Table { get; }

    /// <summary>The rules; read only by those who ask, so that a policy that cannot be read keeps nobody from listing and removing.</summary>
    public PortRules Rules => _rules.Value;

    public LeaseLiveness Liveness { get; }

    public DateTimeOffset UtcNow { get; }

    /// <summary>
    /// The machine's monotonic clock in milliseconds: the same for all processes of a boot, whatever their time namespace, and
    /// untouched when somebody sets the date.
    /// </summary>
    public long Now { get; }

    /// <summary>The clocks, to be noted in the table.</summary>
    public ClockStamp Clocks => new(Platform.BootMoment, Now);

    public static long MonotonicNow(TimeProvider time, HostPlatform platform) =>
        (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency)) - platform.ClockOffset;

    /// <summary>Ends a lease: its port goes into quarantine, on every protocol that it had.</summary>
    /// <returns>The record of the quarantine.</returns>
    public SlotRecord Quarantine(SlotRecord record)
    {
        SlotRecord quarantined = record with { Kind = SlotKind.Quarantined, Deadline = Now + QuarantineMilliseconds };
        Table.WriteGroup(SlotsOf(quarantined));
        return quarantined;
    }

    /// <summary>The slots that a record belongs in.</summary>
    public static IReadOnlyList<(int Index, SlotRecord Record)> SlotsOf(SlotRecord record) => record.Protocol switch
    {
        PortProtocol.Tcp => [(TableLayout.Index(record.Port, udp: false), record)],
        PortProtocol.Udp => [(TableLayout.Index(record.Port, udp: true), record)],
        _ => [(TableLayout.Index(record.Port, udp: false), record), (TableLayout.Index(record.Port, udp: true), record)],
    };
}
