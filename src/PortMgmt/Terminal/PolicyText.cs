using PortMgmt.Leases;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>What differs between two policies, in words.</summary>
internal static class PolicyText
{
    /// <summary>Every setting that differs, as it is and as it becomes.</summary>
    /// <param name="before">The policy as it is.</param>
    /// <param name="after">The policy as it becomes.</param>
    public static string DescribeChange(PortPolicy before, PortPolicy after)
    {
        List<string> changes = [];
        Compare("default range", Range(before), Range(after), changes);
        Compare("exclude", Excluded(before), Excluded(after), changes);
        Compare("longest time to live", Time(before.MaxTimeToLive), Time(after.MaxTimeToLive), changes);
        foreach (string name in before.Reservations.Keys.Union(after.Reservations.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            Compare("port of '" + name + "'", Port(before, name), Port(after, name), changes);
        }

        return changes.Count == 0 ? "nothing changes" : string.Join("; ", changes);
    }

    private static void Compare(string what, string before, string after, List<string> changes)
    {
        if (before != after)
        {
            changes.Add(what + " " + before + " -> " + after);
        }
    }

    private static string Range(PortPolicy policy) => policy.DefaultRange + (policy.IsDefaultRangeSet ? "" : " (built in)");

    private static string Excluded(PortPolicy policy) => policy.Exclude.Count == 0 ? "none" : string.Join(", ", policy.Exclude);

    private static string Time(TimeSpan? time) => time is TimeSpan length ? DurationText.Format(length) : "none";

    private static string Port(PortPolicy policy, string name)
    {
        foreach ((string reserved, int port) in policy.Reservations)
        {
            if (reserved.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return PortText.Number(port);
            }
        }

        return "none";
    }
}
