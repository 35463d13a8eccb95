namespace PortMgmt.Leases;

/// <summary>How long a lease may live.</summary>
internal static class LeaseTime
{
    /// <summary>Cuts a time to live to the policy's longest, and says so. A lease without one lives as long as its owner.</summary>
    public static (TimeSpan? Time, string[] Warnings) Limit(TimeSpan? asked, PortPolicy policy) =>
        asked is { } time && policy.MaxTimeToLive is { } limit && time > limit
            ? (limit, [$"A time to live of {time} was cut to {limit}, the longest that the registry's policy allows"])
            : (asked, []);
}
