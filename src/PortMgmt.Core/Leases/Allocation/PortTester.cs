using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Says of one port whether an explicit request would get it, and changes nothing.</summary>
/// <param name="registry">The registry.</param>
/// <param name="access">The way into it.</param>
/// <param name="port">The port.</param>
/// <param name="protocol">The protocol.</param>
/// <param name="warn">Takes why the registry cannot be asked, and the system alone answers; null to fail then.</param>
internal sealed class PortTester(PortRegistry registry, RegistryAccess access, int port, PortProtocol protocol, Action<string>? warn)
{
    public PortAvailability Test(CancellationToken cancellationToken)
    {
        PortRefusals.CheckPort(port);
        if (!Enum.IsDefined(protocol))
        {
            throw PortRefusals.Invalid($"{(int)protocol} is no protocol: use Tcp, Udp or Both.");
        }

        PortAvailability seen = Look(cancellationToken);
        if (seen.Reason != PortRefusal.Listening)
        {
            return seen;
        }

        // Who has it is looked for only now that the lock is free.
        var use = PortUse.Find(access.Platform, port, protocol);
        return seen with { Reason = use.Reason, Listener = use.Holder, Message = use.Message };
    }

    private PortAvailability Look(CancellationToken cancellationToken)
    {
        try
        {
            return access.RunIfPresent(TestTable, null, cancellationToken) ?? TestSystem(access.Platform, access.Rules, isQuarantined: false);
        }
        catch (PortRegistryException failure) when (warn is not null)
        {
            warn(failure.Message);
        }

        PortAvailability seen = TestSystem(access.Platform, new PortRules(new PortPolicy(), access.Platform.ReadPortRules()), isQuarantined: false);
        return seen.Available
            ? Refuse(PortRefusal.None, $"{PortRefusals.Label(protocol, port)} could be bound, but no port can be leased as the registry is")
            : seen;
    }

    private PortAvailability? TestTable(RegistrySession session)
    {
        bool isQuarantined = false;
        for (int index = TableLayout.Index(port, false); index < TableLayout.SlotCount; index += TableLayout.PortCount)
        {
            if (session.Table.ReadSlot(index).Record is not { } record || !LeaseLister.Matches(record.Protocol, protocol))
            {
                continue;
            }

            if (record.Kind == SlotKind.Leased && session.Liveness.Check(record) == StaleReason.None)
            {
                PortLease lease = new LeaseMapper(registry, session.Platform, session.UtcNow, session.Now).ForList(record, PortLeaseState.Active);
                string message = PortRefusals.Describe(session, port, protocol, new PortCheckResult(PortRefusal.Leased, record));
                return Refuse(PortRefusal.Leased, message) with { Lease = lease };
            }

            isQuarantined |= record.Kind == SlotKind.Quarantined && session.Now < record.Deadline;
        }

        return TestSystem(session.Platform, access.Rules, isQuarantined);
    }

    private PortAvailability TestSystem(HostPlatform platform, PortRules rules, bool isQuarantined)
    {
        if (rules.CheckHardRules(port, "", "") is var hard && hard != PortRefusal.None)
        {
            return Refuse(hard, hard == PortRefusal.Reserved ? PortRefusals.Reserved(rules, port, protocol) : PortRefusals.Sentence(hard, port, protocol));
        }

        PortRefusal bound = PortAvailabilityCheck.Bind(platform, port, protocol, lingeringIsFine: true);
        if (bound != PortRefusal.None)
        {
            return Refuse(bound, PortRefusals.Sentence(bound, port, protocol));
        }

        PortRefusal soft = isQuarantined ? PortRefusal.Quarantined : rules.CheckSoftRules(port, rangeAsked: false);
        string hint = soft == PortRefusal.None ? "" : PortRefusals.Sentence(soft, port, protocol) + ": it is not handed out unasked";
        return Refuse(soft, hint) with { Available = true };
    }

    private PortAvailability Refuse(PortRefusal reason, string message) => new()
    {
        Port = port,
        Protocol = protocol,
        Available = false,
        Reason = reason,
        Message = message,
    };
}
