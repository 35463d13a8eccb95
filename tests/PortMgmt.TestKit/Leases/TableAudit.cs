using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestProcess;
using Xunit;

namespace PortMgmt.TestKit.Leases;

/// <summary>Every used slot of a table at one moment, read under its lock.</summary>
public sealed class TableAudit
{
    private readonly Dictionary<int, SlotRecord> _slots = [];
    private readonly HashSet<string> _active = [];
    private readonly HashSet<int> _activeOwners = [];

    private TableAudit(RegistrySession session) => session.Table.Scan(0, TableLayout.SlotCount, (index, slot) =>
    {
        if (slot.Record is not { } record)
        {
            return;
        }

        _slots.Add(index, record);
        if (record.Kind != SlotKind.Leased || session.Liveness.Check(record) != StaleReason.None)
        {
            return;
        }

        _active.Add(LeaseToken.From(record).ToString());
        _activeOwners.Add(record.Owner.Id);
    });

    /// <summary>How many slots are leased, whether their leases hold or not.</summary>
    public int LeasedSlots => _slots.Values.Count(static record => record.Kind == SlotKind.Leased);

    /// <summary>Reads a table, which proves that it can be read.</summary>
    public static TableAudit Of(string directory, TimeProvider time)
    {
        var options = new PortRegistryOptions { Directory = directory, LockTimeout = TestRegistry.WaitTimeout, LockStallTimeout = TestRegistry.WaitTimeout, TimeProvider = time };
        var gate = new RegistryAccess(HostPlatform.Current, RegistryLocation.Find(HostPlatform.Current, directory), options);
        return gate.Run(gate.Rules, static session => new TableAudit(session), CancellationToken.None);
    }

    public bool IsActive(string token) => _active.Contains(token);

    /// <summary>What the slot of a token says, for whoever finds that the token's lease is not there.</summary>
    public string Describe(string token)
    {
        var meant = LeaseToken.Parse(token);
        SlotRecord? found = _slots.GetValueOrDefault(TableLayout.Index(meant.Port, meant.Protocol == PortProtocol.Udp));
        return $"{token} -> {(found is null ? "nothing" : found.Fence == meant.Fence ? found.Kind.ToString() : $"another's: {found.Name} of process {found.Owner.Id}")}";
    }

    public bool HasActiveLeaseOf(int processId) => _activeOwners.Contains(processId);

    /// <summary>How many slots a group has, leased or quarantined after that.</summary>
    public int SlotsOf(string group) => _slots.Values.Count(record => record.Name == group);

    /// <summary>Each record stands in its own slot, and a lease of both protocols in two or in none.</summary>
    public void AssertWhole() => Assert.All(_slots, pair =>
    {
        (int index, SlotRecord record) = pair;
        Assert.Equal(TableLayout.PortOf(index), record.Port);
        if (record.Protocol != PortProtocol.Both)
        {
            Assert.Equal(TableLayout.IsUdp(index), record.Protocol == PortProtocol.Udp);
        }
        else if (record.Kind == SlotKind.Leased)
        {
            Assert.Equal(record, _slots.GetValueOrDefault(TableLayout.Index(record.Port, !TableLayout.IsUdp(index))));
        }
    });
}
