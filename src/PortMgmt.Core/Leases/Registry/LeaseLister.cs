using System.IO.Enumeration;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Lists leases: by port or token one slot is read, by name those whose tag says so, else all that were used.</summary>
internal sealed class LeaseLister(RegistrySession session, PortLeaseFilter filter, LeaseMapper mapper)
{
    private readonly List<PortLease> _found = [];

    public IReadOnlyList<PortLease> List()
    {
        LeaseTable table = session.Table;
        if (filter.Token is not null)
        {
            var token = LeaseToken.Parse(filter.Token);
            int index = TableLayout.Index(token.Port, token.Protocol == PortProtocol.Udp);
            Visit(index, table.ReadSlot(index));
        }
        else if (filter.Port is int port)
        {
            for (int index = TableLayout.Index(port, false); index < TableLayout.SlotCount; index += TableLayout.PortCount)
            {
                Visit(index, table.ReadSlot(index));
            }
        }
        else if (filter is { Name: { Length: > 0 } name, NameIsPattern: false, Scope: { } scope, ScopeIsPattern: false } && filter.State != PortLeaseState.Quarantined)
        {
            uint tag = SlotTag.OfName(name, scope);
            for (int index = table.Tags.Next(tag, 0, TableLayout.SlotCount); index < TableLayout.SlotCount; index = table.Tags.Next(tag, index + 1, TableLayout.SlotCount))
            {
                Visit(index, table.ReadSlot(index));
            }
        }
        else
        {
            table.Scan(0, TableLayout.SlotCount, Visit);
        }

        _found.Sort(static (a, b) => a.Port != b.Port ? a.Port.CompareTo(b.Port) : a.Protocol.CompareTo(b.Protocol));
        return _found;
    }

    /// <summary>Adds to each lease who listens on its port; of several, the owner.</summary>
    public static IReadOnlyList<PortLease> AddListeners(IReadOnlyList<PortLease> leases)
    {
        IReadOnlyList<PortListener> found = leases is [var one]
            ? PortListeners.Find(one.Port, one.Protocol, () => OwnersOf(leases))
            : PortListeners.Find();
        ILookup<int, PortListener> listeners = found.ToLookup(static listener => listener.Port);
        return [.. leases.Select(lease =>
        {
            PortListener[] own = [.. listeners[lease.Port].Where(listener => Matches(lease.Protocol, listener.Protocol))];
            PortListener? foreign = own.FirstOrDefault(listener => lease.OwnerProcessId is int owner && listener.Id is int id && id != owner);
            PortListener? owners = own.FirstOrDefault(listener => listener.Id is not null && listener.Id == lease.OwnerProcessId);
            return lease.WithListener(owners ?? own.FirstOrDefault(), mismatch: foreign is not null && owners is null);
        })];
    }

    /// <summary>The processes that own leases.</summary>
    public static IEnumerable<int> OwnersOf(IEnumerable<PortLease> leases) => leases.Select(static lease => lease.OwnerProcessId).OfType<int>();

    /// <summary>Whether a lease's protocol covers one that was asked about.</summary>
    public static bool Matches(PortProtocol lease, PortProtocol asked) =>
        lease == asked || lease == PortProtocol.Both || asked == PortProtocol.Both;

    private void Visit(int index, Slot slot)
    {
        // A lease of both protocols has two slots and is one lease.
        if (slot.Record is not { } record || (record.Protocol == PortProtocol.Both && TableLayout.IsUdp(index)))
        {
            return;
        }

        if (filter.Port is int port && record.Port != port)
        {
            return;
        }

        if (filter.Protocol is { } protocol && !Matches(record.Protocol, protocol))
        {
            return;
        }

        if (filter.OwnerProcessId is int owner && record.Owner.Id != owner)
        {
            return;
        }

        if (filter.Token is not null && LeaseToken.From(record) != LeaseToken.Parse(filter.Token))
        {
            return;
        }

        if (!MatchesName(record.Name) || !MatchesScope(record.Scope) || StateOf(record) is not { } state)
        {
            return;
        }

        if (filter.State is { } wanted ? state == wanted : state != PortLeaseState.Quarantined)
        {
            _found.Add(mapper.ForList(record, state));
        }
    }

    private bool MatchesName(string name) => filter.Name is not { } wanted
        || (filter.NameIsPattern ? MatchesPattern(wanted, name) : name.Equals(wanted, StringComparison.OrdinalIgnoreCase));

    private bool MatchesScope(string scope) => filter.Scope is not { } wanted
        || (filter.ScopeIsPattern
            ? scope.Length == 0 ? wanted.AsSpan().TrimStart('*').IsEmpty : FileSystemName.MatchesSimpleExpression(wanted, scope, ScopeText.Comparison != StringComparison.Ordinal)
            : scope.Equals(wanted, ScopeText.Comparison));

    // A file has a name, so the matcher of file names takes none for no match, even of an asterisk.
    private static bool MatchesPattern(string pattern, string name) => name.Length == 0
        ? pattern.AsSpan().TrimStart('*').IsEmpty
        : FileSystemName.MatchesSimpleExpression(pattern, name);

    private PortLeaseState? StateOf(SlotRecord record)
    {
        if (record.Kind == SlotKind.Quarantined)
        {
            return session.Now < record.Deadline ? PortLeaseState.Quarantined : null;
        }

        return session.Liveness.StateOf(record);
    }
}
