using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>How long a lease may live.</summary>
internal static class LeaseTime
{
    // Far beyond any use, and far from the end of every clock.
    private static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    /// <summary>The step of the clock that leases end by: a shorter one would have ended when it is made.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(1);

    /// <summary>Refuses a time to live that is none.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void Check(TimeSpan? asked)
    {
        if (asked is { } time && (time < Min || time > Max))
        {
            throw PortRefusals.Invalid($"A lease cannot live for {time}: name a time from {Min.TotalMilliseconds} ms to {Max.TotalDays} days.");
        }
    }

    /// <summary>Cuts a time to live to the policy's longest, and says so. A lease without one lives as long as its owner.</summary>
    public static (TimeSpan? Time, string[] Warnings) Limit(TimeSpan? asked, PortPolicy policy) =>
        asked is { } time && policy.MaxTimeToLive is { } limit && time > limit
            ? (limit, [$"A time to live of {time} was cut to {limit}, the longest that the registry's policy allows"])
            : (asked, []);
}
