using System.Net;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>
/// The registry of leased ports that the processes of this host share. Opening it costs nothing and keeps nothing open:
/// each call locks the table, does its work and lets go. Safe for use by many threads and many processes at once.
/// </summary>
/// <example><code>using var lease = PortRegistry.Open().Acquire("web");</code></example>
public sealed class PortRegistry
{
    private readonly RegistryAccess _access;
    private readonly PolicyStore _policy;

    private PortRegistry(RegistryAccess access)
    {
        _access = access;
        _policy = new PolicyStore(access);
    }

    /// <summary>The registry's directory.</summary>
    public string Directory => _access.Location.Directory;

    /// <summary>Which rule chose the directory.</summary>
    public PortRegistrySource Source => _access.Location.Source;

    /// <summary>Finds the registry: the directory of the options, else <c>PORTMGMT_REGISTRY</c>, else the machine-wide one, else the user's.</summary>
    /// <param name="options">How to open it; null for the defaults.</param>
    /// <exception cref="PortRegistryException">The directory cannot be used.</exception>
    public static PortRegistry Open(PortRegistryOptions? options = null)
    {
        options ??= new PortRegistryOptions();
        return Open(HostPlatform.Current, options);
    }

    /// <summary>Makes the machine-wide registry that every user of this host then shares. Needs administrator rights; harmless when it exists.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryAccessDenied"/> without the rights, <see cref="PortRegistryErrorCode.LeaseConflict"/> when users have live leases in registries of their own.</exception>
    public static PortRegistry InitializeMachineWide() => InitializeMachineWide(force: false);

    /// <summary>Makes the machine-wide registry that every user of this host then shares. Needs administrator rights; harmless when it exists.</summary>
    /// <param name="force">Whether to make it though users have live leases in registries of their own: those are left behind, and their ports may be leased again.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryAccessDenied"/> without the rights, <see cref="PortRegistryErrorCode.LeaseConflict"/> when users have live leases in registries of their own and it is not forced.</exception>
    public static PortRegistry InitializeMachineWide(bool force) => InitializeMachineWide(HostPlatform.Current, force, TimeProvider.System);

    internal static PortRegistry InitializeMachineWide(HostPlatform platform, bool force, TimeProvider time) =>
        new(MachineWideRegistry.Make(platform, force, time));

    /// <summary>Makes the registry's directory and lock if they are not there yet, which proves that it can be used; harmless when they are.</summary>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The directory cannot be used.</exception>
    public void Initialize(CancellationToken cancellationToken = default) => _access.RunLocked(static () => { }, cancellationToken);

    /// <summary>Leases one TCP port for this process under a name.</summary>
    /// <param name="name">The label.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortLease Acquire(string name, CancellationToken cancellationToken = default) =>
        Acquire(new PortLeaseRequest { Name = name ?? throw new ArgumentNullException(nameof(name)) }, cancellationToken);

    /// <summary>Leases one port.</summary>
    /// <param name="request">What is wanted; its count must be 1.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The request is not valid, no port can be had, or the registry cannot be used.</exception>
    public PortLease Acquire(PortLeaseRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Count == 1
            ? AcquireMany(request, cancellationToken)[0]
            : throw PortRefusals.Invalid($"{request.Count} ports were asked for where one is returned: use {nameof(AcquireMany)}.");
    }

    /// <summary>Leases as many ports as the request counts, all or none, in rising order of port when contiguous.</summary>
    /// <inheritdoc cref="Acquire(PortLeaseRequest, CancellationToken)"/>
    public IReadOnlyList<PortLease> AcquireMany(PortLeaseRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new LeaseAcquisition(this, _access).Acquire([request], cancellationToken)[0];
    }

    /// <summary>Leases one port for each of several requests, all or none: either every request has its lease, or nothing is leased.</summary>
    /// <param name="requests">What is wanted, at most 1000; each counts 1, and no name is there twice in one scope and protocol. A request that insists on a port chooses before those that only prefer one, and these before the others.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>The leases, in the order of the requests.</returns>
    /// <exception cref="PortRegistryException">A request is not valid, one of them cannot have a port, or the registry cannot be used.</exception>
    /// <example><code>IReadOnlyList&lt;PortLease&gt; leases = PortRegistry.Open().AcquireAll([new() { Name = "web" }, new() { Name = "api" }]);</code></example>
    public IReadOnlyList<PortLease> AcquireAll(IReadOnlyList<PortLeaseRequest> requests, CancellationToken cancellationToken = default)
    {
        LeaseAcquisition.CheckTogether(requests);
        return requests.Count == 0 ? [] : [.. new LeaseAcquisition(this, _access).Acquire(requests, cancellationToken).Select(static leases => leases[0])];
    }

    /// <summary>
    /// Leases one port and listens on it in one step, so that nobody can come between the lease and the bind. With TCP the socket listens,
    /// with UDP it is bound.
    /// </summary>
    /// <param name="request">What is wanted; its count must be 1, it must be for one protocol, and not to adopt a port.</param>
    /// <param name="address">The address to listen on; null for every one, of IPv6 and IPv4.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The request is not valid, no port can be had or listened on, or the registry cannot be used.</exception>
    /// <example><code>using ListeningPort web = PortRegistry.Open().AcquireListening(new() { Name = "web" });</code></example>
    public ListeningPort AcquireListening(PortLeaseRequest request, IPAddress? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Count == 1
            ? AcquireManyListening(request, address, cancellationToken)[0]
            : throw PortRefusals.Invalid($"{request.Count} ports were asked for where one is returned: use {nameof(AcquireManyListening)}.");
    }

    /// <summary>Leases as many ports as the request counts and listens on them in one step, all or none.</summary>
    /// <param name="request">What is wanted; for one protocol, and not to adopt a port.</param>
    /// <param name="address">The address to listen on; null for every one, of IPv6 and IPv4.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>The leases with their sockets, as many as the request counts.</returns>
    /// <exception cref="PortRegistryException">The request is not valid, no port can be had or listened on, or the registry cannot be used.</exception>
    public IReadOnlyList<ListeningPort> AcquireManyListening(PortLeaseRequest request, IPAddress? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new LeaseAcquisition(this, _access).Listen([request], address, cancellationToken);
    }

    /// <summary>Leases one port for each of several requests and listens on them in one step, all or none.</summary>
    /// <param name="requests">What is wanted, as in <see cref="AcquireAll"/>; each for one protocol, and none to adopt a port.</param>
    /// <param name="address">The address to listen on; null for every one, of IPv6 and IPv4.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>The leases with their sockets, in the order of the requests.</returns>
    /// <exception cref="PortRegistryException">A request is not valid, one of them cannot have a port or listen on it, or the registry cannot be used.</exception>
    public IReadOnlyList<ListeningPort> AcquireAllListening(IReadOnlyList<PortLeaseRequest> requests, IPAddress? address = null, CancellationToken cancellationToken = default)
    {
        LeaseAcquisition.CheckTogether(requests);
        return requests.Count == 0 ? [] : new LeaseAcquisition(this, _access).Listen(requests, address, cancellationToken);
    }

    /// <summary>Lists leases by rising port, TCP before UDP.</summary>
    /// <param name="filter">Which; null for all that are active or stale.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">The registry cannot be used, or <see cref="PortRegistryErrorCode.InvalidRequest"/> when the port or the token is none.</exception>
    public IReadOnlyList<PortLease> GetLeases(PortLeaseFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new PortLeaseFilter();
        if (filter.Port is int port)
        {
            PortRefusals.CheckPort(port);
        }

        if (!filter.ScopeIsPattern && (filter.Scope is not null || filter.Name is not null))
        {
            filter = filter with { Scope = PortScope.Find(filter.Scope) };
        }

        IReadOnlyList<PortLease> leases = _access.RunIfPresent(
            session => new LeaseLister(session, filter, new LeaseMapper(this, session.Platform, session.UtcNow, session.Now)).List(), [], cancellationToken);
        return filter.IncludeListener ? LeaseLister.AddListeners(leases) : leases;
    }

    /// <summary>Renews a lease from now on, hands it to another owner, or both.</summary>
    /// <param name="lease">A lease of this registry, from a list or from its maker; fenced, so that a successor is never touched.</param>
    /// <param name="timeToLive">The new time to live from now; null leaves the present one.</param>
    /// <param name="owner">The new owner; null leaves the present one.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/> when it ended, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when it has a successor or is another user's, <see cref="PortRegistryErrorCode.OwnerNotFound"/> when there is no such process, <see cref="PortRegistryErrorCode.InvalidRequest"/> when it would never end.</exception>
    public PortLease Renew(PortLease lease, TimeSpan? timeToLive = null, PortLeaseOwner? owner = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new FencedLease(this, _access, lease).Renew(lease, timeToLive, owner, cancellationToken);
    }

    /// <summary>Ends a lease, active or stale. Its port is then in quarantine for 60 seconds.</summary>
    /// <param name="lease">A lease of this registry, from a list or from its maker; fenced, so that a successor is never touched.</param>
    /// <param name="force">Whether another user's lease may be ended too.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/> when it ended already, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when it has a successor or is another user's.</exception>
    public void Remove(PortLease lease, bool force = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        new FencedLease(this, _access, lease).Remove(lease, force, cancellationToken);
    }

    /// <summary>Finds the one lease that a token stands for, active or stale.</summary>
    /// <param name="token">The token that its maker was given.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.LeaseNotFound"/>, <see cref="PortRegistryErrorCode.LeaseNotOwned"/> when the port has a successor, <see cref="PortRegistryErrorCode.InvalidRequest"/> when the text is no token.</exception>
    public PortLease GetLease(string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new FencedLease(this, _access, LeaseToken.Parse(token)).Find(cancellationToken);
    }

    /// <summary>Takes back every stale lease now, and says which and why.</summary>
    /// <param name="whatIf">Whether only to look.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public IReadOnlyList<StalePort> Sweep(bool whatIf = false, CancellationToken cancellationToken = default) =>
        _access.RunIfPresent(session => new RegistrySweep(session).RunAll(whatIf), [], cancellationToken);

    /// <summary>Says whether exactly this port could be had right now, and what speaks against it.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP unless said otherwise.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortAvailability Test(int port, PortProtocol protocol = PortProtocol.Tcp, CancellationToken cancellationToken = default) =>
        new PortTester(this, _access, port, protocol, warn: null).Test(cancellationToken);

    /// <summary>The registry's policy; the defaults when none was set.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryCorrupt"/> when the file cannot be understood.</exception>
    public PortPolicy GetPolicy() => _policy.Policy;

    /// <summary>Sets the registry's policy, whole; every process honours it from its next call on.</summary>
    /// <param name="policy">The new policy.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/> when a value is not valid.</exception>
    public void SetPolicy(PortPolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy.Set(policy, cancellationToken);
    }

    /// <summary>Changes the registry's policy; no other change comes between the reading and the writing.</summary>
    /// <param name="change">Makes the new policy of the present one. Runs under the registry's lock: keep it short.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>The new policy.</returns>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/> when a value is not valid.</exception>
    public PortPolicy ChangePolicy(Func<PortPolicy, PortPolicy> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _policy.Change(change, cancellationToken);
    }

    /// <summary>Where the registry is, how full and who waits for it. Does not fail where the registry does: it says what it could learn, and what not.</summary>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortRegistryStatus GetStatus(CancellationToken cancellationToken = default) => new RegistryInspector(_access).Inspect(cancellationToken);

    /// <summary>Waits until a port can be leased by number: nobody has it open, and no lease but one of this process and its ancestors holds.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP or both.</param>
    /// <param name="timeout">How long at most; zero looks once.</param>
    /// <param name="warn">Takes the reason why leases are not known, once; then sockets alone count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it came about; else what was in the way in the end, in a sentence without its full stop.</returns>
    internal string? WaitUntilFree(int port, PortProtocol protocol, TimeSpan timeout, Action<string> warn, CancellationToken cancellationToken) =>
        new FreePortWait(_access, port, protocol, warn).Wait(timeout, cancellationToken);

    /// <summary>The same where the registry cannot be used: the system alone answers then, and a port that nothing speaks against is not available either.</summary>
    /// <param name="port">A port, 1 to 65535.</param>
    /// <param name="protocol">TCP, UDP or both.</param>
    /// <param name="warn">Takes why the registry cannot be used.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    internal PortAvailability TestAnyway(int port, PortProtocol protocol, Action<string> warn, CancellationToken cancellationToken) =>
        new PortTester(this, _access, port, protocol, warn).Test(cancellationToken);

    /// <summary>What the policy has against a port for a name, whoever asks for it and how; a sentence without its full stop, or null for nothing.</summary>
    internal string? FindPolicyRefusal(int port, PortProtocol protocol, string name, string scope) =>
        _policy.FindRefusal(port, protocol, name, scope);

    /// <summary>Whether anybody has used this registry yet; its directory alone makes none.</summary>
    internal bool IsMade => _access.IsMade;

    /// <summary>Opens a registry on a platform of the caller's, for tests.</summary>
    internal static PortRegistry Open(HostPlatform platform, PortRegistryOptions options)
    {
        options = options with { LockTimeout = LockTimeouts.Resolve(options.AskedLockTimeout) };
        return new PortRegistry(new RegistryAccess(platform, RegistryLocation.Find(platform, options.Directory), options));
    }
}
