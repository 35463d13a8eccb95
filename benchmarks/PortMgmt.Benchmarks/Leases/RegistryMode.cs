using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>
/// Each kind of call in turns in one warm process, by median and processor time, beside the floor of a lease. The leases that are there
/// already belong to a hundred other live processes.
/// </summary>
internal static class RegistryMode
{
    private const int WholeTableCalls = 40;

    /// <summary>Runs the mode.</summary>
    /// <param name="args">The number of calls a row, 4,000 unless given; those that read the whole table are fewer. Then the numbers of leases.</param>
    public static int Run(string[] args)
    {
        int[] numbers = [.. args.Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        using var owners = new OtherOwners();
        WarmUp();
        Console.WriteLine(Turns.Heading);
        foreach (int live in numbers is [_, .. var given] && given.Length > 0 ? given : [0, 1_000, 50_000])
        {
            Measure(owners, live, numbers is [var calls, ..] ? calls : 4_000);
        }

        return 0;
    }

    /// <summary>Until the paths of a call are compiled with all that the compiler learns of them.</summary>
    private static void WarmUp()
    {
        using var scratch = new ScratchRegistry();
        for (int i = 0; i < 20; i++)
        {
            LatencyRow.MeasureCalls(scratch.Registry, LatencyCase.Churned, LatencyRow.WarmUpCalls);
            LatencyRow.MeasureFloor(scratch, LatencyRow.WarmUpCalls);
            scratch.Registry.GetLeases();
            scratch.Registry.Sweep();
        }
    }

    private static void Measure(OtherOwners owners, int live, int calls)
    {
        using var scratch = new ScratchRegistry();
        owners.Lease(scratch.Registry, live);
        LatencyRow.MeasureCalls(scratch.Registry, LatencyCase.Churned, LatencyRow.WarmUpCalls);
        string label = string.Create(CultureInfo.InvariantCulture, $"{live:N0} leases");

        var turns = new Turns(calls);
        var request = new PortLeaseRequest { Range = ScratchRegistry.WideRange };
        Stack<PortLease> leases = [];
        turns.Add("floor of a lease", () => LatencyRow.MeasureFloor(scratch, 1));
        turns.Add("acquire", () => leases.Push(scratch.Registry.Acquire(request)));
        turns.Add("release", () => scratch.Registry.Remove(leases.Pop()));
        turns.Run(label);

        turns = new Turns(WholeTableCalls);
        turns.Add("floor of a lease", () => LatencyRow.MeasureFloor(scratch, 1));
        turns.Add("list", () => scratch.Registry.GetLeases());
        turns.Add("sweep", () => scratch.Registry.Sweep());
        turns.Run(label);
    }
}
