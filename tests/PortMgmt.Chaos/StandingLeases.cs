using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestProcess;
using PortMgmt.Tests.Processes;

namespace PortMgmt.Chaos;

/// <summary>Leases of this process beyond the range that the others work in, there from the first round to the last.</summary>
internal sealed class StandingLeases
{
    private static readonly PortRange Beyond = new(20000, 65535);

    private readonly List<string> _tokens = [];

    public StandingLeases(string registry, int count)
    {
        PortRegistry opened = TestRegistry.Open(new FastClock(), registry);
        while (_tokens.Count < count)
        {
            // TCP and UDP in turn, since there are fewer ports than leases.
            PortProtocol protocol = _tokens.Count < count / 2 ? PortProtocol.Tcp : PortProtocol.Udp;
            IReadOnlyList<PortLease> leases = opened.AcquireMany(new PortLeaseRequest
            {
                Name = "standing",
                Range = Beyond,
                Protocol = protocol,
                Count = Math.Min(PortLeaseRequest.MaxCount, count - _tokens.Count),
            });
            _tokens.AddRange(leases.Select(static lease => lease.Token!));
        }
    }

    public int Count => _tokens.Count;

    public int CountLost(TableAudit audit) => _tokens.Count(token => !audit.IsActive(token));
}
