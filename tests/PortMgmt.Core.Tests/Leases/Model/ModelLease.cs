using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Tests.Leases;

/// <summary>A lease as the model has it.</summary>
internal sealed class ModelLease
{
    public required PortLease Handle { get; init; }

    public required string Name { get; init; }

    /// <summary>The owner's id, 0 for nobody.</summary>
    public required int Owner { get; set; }

    /// <summary>Which process of that id.</summary>
    public required ulong OwnerStart { get; set; }

    /// <summary>When its time passes; null for never.</summary>
    public required TimeSpan? Deadline { get; set; }

    public int Port => Handle.Port;

    public PortProtocol Protocol => Handle.Protocol;

    public bool IsOn(int port, bool udp) =>
        Port == port && (Protocol == PortProtocol.Both || Protocol == (udp ? PortProtocol.Udp : PortProtocol.Tcp));

    public override string ToString() => $"{Port} {Protocol} '{Name}' of {Owner} until {Deadline?.TotalSeconds}";
}
