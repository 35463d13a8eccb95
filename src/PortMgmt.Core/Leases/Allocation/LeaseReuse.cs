using System.Globalization;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Finds the live leases of the same name, protocol and owner, which a request may have again.</summary>
internal sealed class LeaseReuse(RegistrySession session, LeaseTerms terms, ProcessStamp owner, string? token)
{
    /// <summary>The leases; none when there is nothing to be used again.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseConflict"/> when they have other terms than were asked for.</exception>
    public IReadOnlyList<SlotRecord> Find()
    {
        List<SlotRecord> found = token is null ? FindByName() : FindByToken(LeaseToken.Parse(token));
        if (found.Count > 0)
        {
            CheckTerms(found);
        }

        return found;
    }

    private List<SlotRecord> FindByName()
    {
        List<SlotRecord> found = [];
        bool udp = terms.Protocol == PortProtocol.Udp;
        int end = TableLayout.Index(0, udp) + TableLayout.PortCount;
        uint tag = SlotTag.OfName(terms.Name, terms.Scope);
        for (int index = session.Table.Tags.Next(tag, TableLayout.Index(0, udp), end); index < end; index = session.Table.Tags.Next(tag, index + 1, end))
        {
            if (session.Table.ReadSlot(index).Record is { Kind: SlotKind.Leased } record
                && record.Protocol == terms.Protocol && record.Owner.IsSame(owner)
                && (owner.Id != 0 || record.UserId == session.Platform.UserId)
                && record.Name.Equals(terms.Name, StringComparison.OrdinalIgnoreCase)
                && record.Scope.Equals(terms.Scope, ScopeText.Comparison)
                && session.Liveness.Check(record) == StaleReason.None)
            {
                found.Add(record);
            }
        }

        return found;
    }

    private List<SlotRecord> FindByToken(LeaseToken lease)
    {
        SlotRecord? record = session.Table.ReadSlot(TableLayout.Index(lease.Port, lease.Protocol == PortProtocol.Udp)).Record;
        return record is { Kind: SlotKind.Leased } && record.Fence == lease.Fence && session.Liveness.Check(record) == StaleReason.None
            ? [record]
            : [];
    }

    private void CheckTerms(List<SlotRecord> found)
    {
        SlotRecord first = found[0];
        if (found.Count != terms.Count)
        {
            throw Conflict(first, string.Create(CultureInfo.InvariantCulture, $"it has {found.Count} leases, not {terms.Count}"));
        }

        for (int i = 0; i < found.Count; i++)
        {
            if (terms.Port != 0 && found[i].Port != terms.Port + i)
            {
                throw Conflict(found[i], string.Create(CultureInfo.InvariantCulture, $"it has port {found[i].Port}, not {terms.Port + i}"));
            }

            if (terms.RangeAsked && !terms.Range.Contains(found[i].Port))
            {
                throw Conflict(found[i], string.Create(CultureInfo.InvariantCulture, $"it has port {found[i].Port}, outside the range {terms.Range}"));
            }

            if (terms.Contiguous && found[i].Port != first.Port + i)
            {
                throw Conflict(found[i], "its ports do not follow one another");
            }

            if (terms.Name.Length > 0 && !found[i].Name.Equals(terms.Name, StringComparison.OrdinalIgnoreCase))
            {
                throw Conflict(found[i], $"it has that name, not '{terms.Name}'");
            }

            if (terms.Scope.Length > 0 && !found[i].Scope.Equals(terms.Scope, ScopeText.Comparison))
            {
                throw Conflict(found[i], $"it has {(found[i].Scope.Length == 0 ? "no scope" : $"the scope '{found[i].Scope}'")}, not '{terms.Scope}'");
            }

            if (terms.Protocol != found[i].Protocol)
            {
                throw Conflict(found[i], $"it is for {PortRefusals.Label(found[i].Protocol)}, not {PortRefusals.Label(terms.Protocol)}");
            }
        }
    }

    private static PortRegistryException Conflict(SlotRecord record, string difference) => new(
        PortRegistryErrorCode.LeaseConflict,
        $"The live lease '{record.Name}' cannot be used again on these terms: {difference}. Ask for what it has, remove it first, or lease without reuse.")
    {
        Port = record.Port,
    };
}
