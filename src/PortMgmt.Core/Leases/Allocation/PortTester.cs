using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Says of one port whether an explicit request would get it, and changes nothing.</summary>
internal sealed class PortTester(PortRegistry registry, RegistryGate gate, int port, PortProtocol protocol)
{
    public PortAvailability Test(CancellationToken cancellationToken)
    {
        PortRefusals.CheckPort(port);
        if (!Enum.IsDefined(protocol))
        {
            throw PortRefusals.Invalid($"{(int)protocol} is no protocol: use Tcp, Udp or Both.");
        }

        PortAvailability seen = gate.RunIfPresent(TestTable, null, cancellationToken) ?? TestSystem(rests: false);
        if (seen.Reason != PortRefusal.Listening)
        {
            return seen;
        }

        // Who listens is looked for only now that the lock is free.
        PortListener? listener = PortRefusals.FindListener(port, protocol);
        return seen with { Listener = listener, Message = PortRefusals.InUse(listener, port, protocol) };
    }

    private PortAvailability? TestTable(RegistrySession session)
    {
        bool rests = false;
        for (int index = TableLayout.Index(port, false); index < TableLayout.SlotCount; index += TableLayout.PortCount)
        {
            if (session.Table.ReadSlot(index).Record is not { } record || !LeaseLister.Matches(record.Protocol, protocol))
            {
                continue;
            }

            if (record.Kind == SlotKind.Leased && session.Judge.Judge(record) == StaleReason.None)
            {
                PortLease lease = new LeaseDescriber(registry, session.Platform, session.UtcNow, session.Now).ForList(record, PortLeaseState.Active);
                string message = PortRefusals.Describe(session, port, protocol, new PortExamination(PortRefusal.Leased, record));
                return Refuse(PortRefusal.Leased, message) with { Lease = lease };
            }

            rests |= record.Kind == SlotKind.Resting && session.Now < record.Deadline;
        }

        return TestSystem(rests);
    }

    private PortAvailability TestSystem(bool rests)
    {
        PortRules rules = gate.Rules;
        if (rules.JudgeHard(port, "") is var hard && hard != PortRefusal.None)
        {
            return Refuse(hard, hard == PortRefusal.Reserved ? PortRefusals.Reserved(rules, port, protocol) : PortRefusals.Sentence(hard, port, protocol));
        }

        PortRefusal bound = PortExaminer.Bind(gate.Platform, port, protocol, lingeringIsFine: true);
        if (bound != PortRefusal.None)
        {
            return Refuse(bound, PortRefusals.Sentence(bound, port, protocol));
        }

        PortRefusal soft = rests ? PortRefusal.Quarantined : rules.JudgeSoft(port, rangeAsked: false);
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
