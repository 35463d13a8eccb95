namespace PortMgmt.Leases;

/// <summary>
/// The registry of leased ports that the processes of this host share. Opening it costs nothing and keeps nothing open:
/// each call locks the table, does its work and lets go. Safe for use by many threads and many processes at once.
/// </summary>
/// <example><code>using var lease = PortRegistry.Open().Acquire("web");</code></example>
public sealed class PortRegistry
{
    private PortRegistry(string directory, PortRegistrySource source) => (Directory, Source) = (directory, source);

    /// <summary>The registry's directory.</summary>
    public string Directory { get; }

    /// <summary>Which rule chose the directory.</summary>
    public PortRegistrySource Source { get; }

    /// <summary>Finds the registry: the directory of the options, else <c>PORTMGMT_REGISTRY</c>, else the machine-wide one, else the user's.</summary>
    /// <param name="options">How to open it; null for the defaults.</param>
    /// <exception cref="PortRegistryException">The directory cannot be used.</exception>
    public static PortRegistry Open(PortRegistryOptions? options = null) => throw new NotImplementedException();

    /// <summary>Makes the machine-wide registry that every user of this host then shares. Needs administrator rights; harmless when it exists.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryAccessDenied"/> without the rights.</exception>
    public static PortRegistry InitializeMachineWide() => throw new NotImplementedException();

    /// <summary>Leases one TCP port for this process under a name.</summary>
    /// <param name="name">The label.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortLease Acquire(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Leases one port.</summary>
    /// <param name="request">What is wanted; its count must be 1.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The request is not valid, no port can be had, or the registry cannot be used.</exception>
    public PortLease Acquire(PortLeaseRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Leases as many ports as the request counts, all or none, in rising order of port when contiguous.</summary>
    /// <inheritdoc cref="Acquire(PortLeaseRequest, CancellationToken)"/>
    public IReadOnlyList<PortLease> AcquireMany(PortLeaseRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Lists leases by rising port, TCP before UDP.</summary>
    /// <param name="filter">Which; null for all that are active or stale.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public IReadOnlyList<PortLease> GetLeases(PortLeaseFilter? filter = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Renews a lease from now on, hands it to another owner, or both.</summary>
    /// <param name="lease">A lease of this registry, from a list or from its maker; fenced, so that a successor is never touched.</param>
    /// <param name="timeToLive">The new time to live from now; null leaves the present one.</param>
    /// <param name="owner">The new owner; null leaves the present one.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/> when it ended, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when it has a successor or is another user's.</exception>
    public PortLease Renew(PortLease lease, TimeSpan? timeToLive = null, PortLeaseOwner? owner = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends a lease, active or stale. Its port then rests for 60 seconds.</summary>
    /// <param name="lease">A lease of this registry, from a list or from its maker; fenced, so that a successor is never touched.</param>
    /// <param name="force">Whether another user's lease may be ended too.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/> when it ended already, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when it has a successor or is another user's.</exception>
    public void Remove(PortLease lease, bool force = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Finds the one lease that a token stands for, active or stale.</summary>
    /// <param name="token">The token that its maker was given.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/>, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when the port has a successor, <see cref="PortRegistryErrorCode.InvalidRequest"/> when the text is no token.</exception>
    public PortLease GetLease(string token, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Takes back every stale lease now, and says which and why.</summary>
    /// <param name="whatIf">Whether only to look.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public IReadOnlyList<StalePort> Sweep(bool whatIf = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Says whether exactly this port could be had right now, and what speaks against it.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP unless said otherwise.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortAvailability Test(int port, PortProtocol protocol = PortProtocol.Tcp, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The registry's policy; the defaults when none was set.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryCorrupt"/> when the file cannot be understood.</exception>
    public PortPolicy GetPolicy() => throw new NotImplementedException();

    /// <summary>Sets the registry's policy, whole; every process honours it from its next call on.</summary>
    /// <param name="policy">The new policy.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/> when a value is not valid.</exception>
    public void SetPolicy(PortPolicy policy, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Where the registry is, how full and who waits for it.</summary>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortRegistryStatus GetStatus(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
