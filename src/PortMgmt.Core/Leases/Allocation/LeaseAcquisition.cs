using System.Net;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>One call for leases, of one request or of several that are carried out together: prepares it, runs it under the lock, tells of its failure.</summary>
internal sealed class LeaseAcquisition(PortRegistry registry, RegistryAccess access)
{
    /// <summary>Leases what the requests want, all or none.</summary>
    /// <returns>The leases of each request, in their order.</returns>
    /// <exception cref="PortRegistryException">A request is not valid, no port can be had, or the registry cannot be used.</exception>
    public IReadOnlyList<PortLease[]> Acquire(IReadOnlyList<PortLeaseRequest> requests, CancellationToken cancellationToken) =>
        Acquire(requests, [], cancellationToken);

    /// <summary>The same, and listens on the ports.</summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="address">The address to listen on; null for every one.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="PortRegistryException">A request is not valid, no port can be had or listened on, or the registry cannot be used.</exception>
    public IReadOnlyList<ListeningPort> Listen(IReadOnlyList<PortLeaseRequest> requests, IPAddress? address, CancellationToken cancellationToken)
    {
        if (requests.Any(static request => request.Adopt))
        {
            throw PortRefusals.Invalid("A port that is adopted has its listener already: leave out either.");
        }

        List<ListenerOpener> openers = [];
        try
        {
            openers.AddRange(requests.Select(request => new ListenerOpener(address, request.Protocol)));
            IReadOnlyList<PortLease[]> leases = Acquire(requests, openers, cancellationToken);
            return [.. openers.SelectMany((opener, i) => leases[i].Select((lease, j) => new ListeningPort(lease, opener.Sockets[j])))];
        }
        catch
        {
            openers.ForEach(static opener => opener.Dispose());
            throw;
        }
    }

    /// <summary>Refuses requests that cannot be carried out together, before anything is touched.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void CheckTogether(IReadOnlyList<PortLeaseRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count > PortLeaseRequest.MaxCount)
        {
            throw PortRefusals.Invalid($"{requests.Count} leases cannot be asked for together: the most is {PortLeaseRequest.MaxCount}.");
        }

        foreach (PortLeaseRequest request in requests)
        {
            ArgumentNullException.ThrowIfNull(request);
            if (request.Count != 1)
            {
                throw PortRefusals.Invalid($"{request.Count} ports were asked for in one of several requests: each is for one lease. Leave the count out, or ask for these alone.");
            }
        }
    }

    private IReadOnlyList<PortLease[]> Acquire(IReadOnlyList<PortLeaseRequest> requests, IReadOnlyList<ListenerOpener> openers, CancellationToken cancellationToken)
    {
        var allocator = new LeaseAllocator(access, requests, openers);
        access.Rehearse(nameof(Acquire), allocator.Rules, lease: null, () => Make(new LeaseAllocator(access, requests, [])));
        try
        {
            return access.Run(allocator.Rules, Make(allocator), cancellationToken);
        }
        catch (PortRegistryException refusal) when (allocator.Working is { } request)
        {
            PortRegistryException named = refusal.Refusal == PortRefusal.Listening ? PortRefusals.NameHolder(access.Platform, refusal, request.Protocol) : refusal;
            throw requests.Count == 1 ? named : PortRefusals.OfSeveral(named, request, requests.Count);
        }
    }

    private Func<RegistrySession, IReadOnlyList<PortLease[]>> Make(LeaseAllocator allocator) => session =>
    {
        allocator.Make(session);
        var mapper = new LeaseMapper(registry, session.Platform, session.UtcNow, session.Now);
        return [.. allocator.Plans.Select(plan => Describe(plan, mapper))];
    };

    private static PortLease[] Describe(LeasePlan plan, LeaseMapper mapper)
    {
        var leases = new PortLease[plan.Records.Count];
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i] = mapper.ForMaker(plan.Records[i], PortLeaseState.Active, i == 0 ? plan.Warnings : []);
        }

        return leases;
    }
}
