using System.Runtime.CompilerServices;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// One call about the lease that a token stands for: finds, renews or removes it, and leaves a successor alone. Tells where it is if the
/// machine-wide registry does not have it and the user's own before that does.
/// </summary>
internal sealed class FencedLease(PortRegistry registry, RegistryAccess access, LeaseToken token)
{
    public FencedLease(PortRegistry registry, RegistryAccess access, PortLease lease)
        : this(registry, access, new LeaseToken(lease.Port, lease.Protocol, lease.Fence))
    {
    }

    /// <summary>The lease, for whoever made it.</summary>
    public PortLease Find(CancellationToken cancellationToken) => Run(
        session =>
        {
            SlotRecord record = new LeaseUpdater(session).Find(token);
            return NewMapper(session).ForMaker(record, session.Liveness.StateOf(record), []);
        },
        cancellationToken);

    /// <summary>Renews it, hands it over, or both.</summary>
    /// <param name="lease">The lease as the caller has it: from a list, or as its maker.</param>
    /// <param name="timeToLive">The new time to live; null leaves the present one.</param>
    /// <param name="owner">The new owner; null leaves the present one.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public PortLease Renew(PortLease lease, TimeSpan? timeToLive, PortLeaseOwner? owner, CancellationToken cancellationToken)
    {
        LeaseTime.Check(timeToLive);
        ProcessStamp? stamp = owner is null ? null : access.Resolve(owner);
        (TimeSpan? time, string[] warnings) = LeaseTime.Limit(timeToLive, access.Rules.Policy);
        return Run(
            session =>
            {
                SlotRecord renewed = new LeaseUpdater(session).Renew(lease, time, stamp);
                PortLeaseState state = session.Liveness.StateOf(renewed);
                return lease.Token is null
                    ? NewMapper(session).ForList(renewed, state)
                    : NewMapper(session).ForMaker(renewed, state, warnings);
            },
            cancellationToken);
    }

    /// <summary>Ends it.</summary>
    /// <param name="lease">The lease as the caller has it: from a list, or as its maker.</param>
    /// <param name="force">Whether another user's may be ended too.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public void Remove(PortLease lease, bool force, CancellationToken cancellationToken) => _ = Run(
        session =>
        {
            new LeaseUpdater(session).Remove(lease, force);
            return lease;
        },
        cancellationToken);

    private LeaseMapper NewMapper(RegistrySession session) => new(registry, session.Platform, session.UtcNow, session.Now);

    private PortLease Run(Func<RegistrySession, PortLease> work, CancellationToken cancellationToken, [CallerMemberName] string kind = "")
    {
        try
        {
            return access.RunIfPresent<PortLease?>(work, null, cancellationToken, kind, token) ?? throw LeaseUpdater.NotFound(access.Platform, token);
        }
        catch (PortRegistryException refusal) when (access.Location.IsShared && refusal.Code is PortRegistryErrorCode.LeaseNotFound or PortRegistryErrorCode.LeaseNotOwned)
        {
            string? holder = new UserRegistries(access.Platform, access.Time).FindHolder(token);
            throw holder is null ? refusal : LeaseUpdater.IsElsewhere(token, holder);
        }
    }
}
