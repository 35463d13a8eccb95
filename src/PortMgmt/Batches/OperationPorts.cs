using PortMgmt.Leases;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Leases a port for each operation of a batch; the lease ends with the operation, or with this process.</summary>
internal sealed class OperationPorts(PortRegistry registry)
{
    private readonly PortLeaseRequest _request = new();

    /// <summary>Leases a port; its disposal gives it back.</summary>
    public PortLease Lease(CancellationToken cancellationToken) => registry.Acquire(_request, cancellationToken);
}
