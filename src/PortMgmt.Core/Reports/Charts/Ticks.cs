namespace PortMgmt.Reports.Charts;

/// <summary>Round steps for axes.</summary>
internal static class Ticks
{
    private static readonly double[] Seconds =
    [
        0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    ];

    /// <summary>The smallest round step (1, 2 or 5 times a power of ten) of which at most so many fill a range.</summary>
    public static double Step(double range, int most)
    {
        double least = range / most;
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1.0, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= least * (1 - 1e-9));
    }

    /// <summary>The smallest step of time that clocks show as round of which at most so many fill a range.</summary>
    public static TimeSpan Step(TimeSpan range, int most)
    {
        double least = range.TotalSeconds / most;
        double step = Seconds.FirstOrDefault(step => step >= least, 0);
        return TimeSpan.FromSeconds(step > 0 ? step : Math.Ceiling(least / 86_400) * 86_400);
    }
}
