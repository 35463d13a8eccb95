namespace PortMgmt.RabbitMq.Connection;

/// <summary>How long to wait before the next attempt: doubling from 200 ms to 15 s, each with up to half of it by chance, so that nodes do not return all at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>The wait before an attempt.</summary>
    /// <param name="failures">How many have failed in a row, at least 1.</param>
    /// <param name="chance">From 0 to below 1.</param>
    public static TimeSpan Before(int failures, double chance)
    {
        double wait = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.ScaleB(1, Math.Min(failures - 1, 20)));
        return TimeSpan.FromMilliseconds(wait * (0.5 + (chance / 2)));
    }
}
