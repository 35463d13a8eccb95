using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Tests.Leases;

/// <summary>
/// The registry as simply as it can be said: lists, and no table. What is stale is taken back by whoever comes by; the model
/// is told when that has happened, and holds everything else to account.
/// </summary>
internal sealed class RegistryModel
{
    public static readonly PortRange Range = new(20000, 20007);

    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(60);

    private readonly List<ModelLease> _leases = [];
    private readonly Dictionary<(int Port, bool Udp), (TimeSpan Until, string Name)> _rests = [];
    private readonly Dictionary<int, ulong> _processes = [];

    public TimeSpan Now { get; set; }

    public IReadOnlyList<ModelLease> Leases => _leases;

    public IEnumerable<ModelLease> Live => _leases.Where(lease => !IsStale(lease));

    public IEnumerable<ModelLease> Stale => _leases.Where(IsStale);

    public void Start(int process, ulong at) => _processes[process] = at;

    public void End(int process) => _processes.Remove(process);

    public bool IsRunning(int process) => process == 0 || _processes.ContainsKey(process);

    public void Add(PortLease handle, int owner, TimeSpan? timeToLive) => _leases.Add(new ModelLease
    {
        Handle = handle,
        Name = handle.Name,
        Owner = owner,
        OwnerStart = owner == 0 ? 0 : _processes[owner],
        Deadline = Now + timeToLive,
    });

    public void HandOver(ModelLease lease, int owner) => (lease.Owner, lease.OwnerStart) = (owner, owner == 0 ? 0 : _processes[owner]);

    /// <summary>A lease was removed, or taken back.</summary>
    public void Remove(ModelLease lease)
    {
        _leases.Remove(lease);
        foreach (bool udp in Sides(lease.Protocol))
        {
            _rests[(lease.Port, udp)] = (Now + Quarantine, lease.Name);
        }
    }

    public bool IsStale(ModelLease lease) =>
        Now >= lease.Deadline || (lease.Owner != 0 && _processes.GetValueOrDefault(lease.Owner) != lease.OwnerStart);

    /// <summary>Whether nobody holds the port.</summary>
    public bool IsFree(int port, PortProtocol protocol) =>
        !Sides(protocol).Any(udp => Live.Any(lease => lease.IsOn(port, udp)));

    /// <summary>Whether the port is neither leased nor stale nor quarantined, but for a quarantine after a lease of that name.</summary>
    public bool IsClean(int port, PortProtocol protocol, string name) => !Sides(protocol).Any(udp =>
        _leases.Any(lease => lease.IsOn(port, udp)) || IsQuarantined(port, udp, name));

    /// <summary>Whether the port is quarantined after a lease of another name.</summary>
    public bool IsQuarantined(int port, PortProtocol protocol, string name) => Sides(protocol).Any(udp => IsQuarantined(port, udp, name));

    public int CountFree(PortProtocol protocol) => Ports().Count(port => IsFree(port, protocol));

    public bool HasBlock(int count, PortProtocol protocol) =>
        Ports().Any(first => first + count - 1 <= Range.Last && Enumerable.Range(first, count).All(port => IsFree(port, protocol)));

    public static IEnumerable<int> Ports() => Enumerable.Range(Range.First, Range.Count);

    // A lease, even a stale one, ends the rest that was there before.
    private bool IsQuarantined(int port, bool udp, string name) => !_leases.Any(lease => lease.IsOn(port, udp)) &&
        _rests.TryGetValue((port, udp), out (TimeSpan Until, string Name) rest) && Now < rest.Until
        && !(name.Length > 0 && rest.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool[] Sides(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Tcp => [false],
        PortProtocol.Udp => [true],
        _ => [false, true],
    };
}
