using System.Globalization;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>
/// Times every single call in a warm process, with more and more leases of a hundred other processes in the table.
/// Each row has its own floor beside it, so that rows stay comparable on a machine that is busy now and then.
/// </summary>
internal static class LatencyMode
{
    private static readonly int[] LiveLeases = [0, 100, 10_000, 50_000];

    /// <summary>Runs the mode.</summary>
    /// <param name="args">The number of calls a row, 20,000 unless given.</param>
    public static int Run(string[] args)
    {
        int calls = args is [string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 20_000;
        using var owners = new OtherOwners();
        Console.WriteLine(LatencyRow.Heading);
        foreach (LatencyCase kind in Enum.GetValues<LatencyCase>())
        {
            foreach (int live in LiveLeases)
            {
                Console.WriteLine(LatencyRow.Measure(owners, kind, live, calls));
            }
        }

        return 0;
    }
}
