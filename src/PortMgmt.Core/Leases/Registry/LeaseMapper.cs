using PortMgmt.Leases.Table;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Registry;

/// <summary>Makes of the table's records what callers see. Made for one call: a user's name is looked up once.</summary>
internal sealed class LeaseMapper(PortRegistry registry, HostPlatform platform, DateTimeOffset utcNow, long now)
{
    // Where somebody set the date near the end of the calendar, a lease may seem to outlive it.
    private static readonly long LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly Dictionary<string, string> _users = [];

    /// <summary>A lease for whoever made it: with its token, and to be disposed of.</summary>
    public PortLease ForMaker(SlotRecord record, PortLeaseState state, IReadOnlyList<string> warnings) =>
        Describe(record, state, warnings, isMaker: true, userName: null);

    /// <summary>A lease for a list.</summary>
    public PortLease ForList(SlotRecord record, PortLeaseState state)
    {
        if (!_users.TryGetValue(record.UserId, out string? name))
        {
            _users[record.UserId] = name = platform.GetUserName(record.UserId);
        }

        return Describe(record, state, [], isMaker: false, name);
    }

    private PortLease Describe(SlotRecord record, PortLeaseState state, IReadOnlyList<string> warnings, bool isMaker, string? userName) => new()
    {
        Port = record.Port,
        Protocol = record.Protocol,
        Name = record.Name,
        Scope = record.Scope,
        OwnerProcessId = record.Owner.Id == 0 ? null : record.Owner.Id,
        OwnerStartTime = record.Owner.Id == 0 ? null : platform.GetStartTime(record.Owner, utcNow),
        UserId = record.UserId,
        UserName = userName!,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.CreatedAt),
        ExpiresAt = record.Deadline == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(utcNow.ToUnixTimeMilliseconds() + record.Deadline - now, 0, LastMoment)),
        State = state,
        Token = isMaker ? LeaseToken.From(record).ToString() : null,
        Warnings = warnings,
        RegistryDirectory = registry.Directory,
        Fence = record.Fence,
        Registry = isMaker ? registry : null,
    };
}
