using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>
/// Real processes that all lease at once, each its share, and keep what they get. They start together at a moment
/// told from here; each then says when it began and ended and how long every call took.
/// </summary>
internal static class ContentionMode
{
    public const string ChildMode = "contender";

    /// <summary>Runs the mode.</summary>
    /// <param name="args">The number of processes (100) and the leases of each (50).</param>
    public static int Run(string[] args)
    {
        int processes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
        int each = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        using var scratch = new ScratchRegistry();
        using var rehearsal = new ScratchRegistry();
        List<Process> children = [];
        try
        {
            for (int i = 0; i < processes; i++)
            {
                children.Add(Start(scratch.Directory, each, rehearsal.Directory));
            }

            foreach (Process child in children)
            {
                Expect(child, Contender.Ready);
            }

            long start = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
            foreach (Process child in children)
            {
                child.StandardInput.WriteLine(start.ToString(CultureInfo.InvariantCulture));
            }

            foreach (Process child in children)
            {
                Expect(child, Contender.Done);
            }

            foreach (Process child in children)
            {
                child.StandardInput.WriteLine();
            }

            return Report(children, each);
        }
        finally
        {
            foreach (Process child in children)
            {
                child.Kill();
                child.Dispose();
            }
        }
    }

    private static Process Start(string directory, int leases, string rehearsal)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { ChildMode, directory, leases.ToString(CultureInfo.InvariantCulture), rehearsal },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // Compiled in full during the warm-up: else a hundred background compilers would compete for the processors
        // with the calls that are timed.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        return Process.Start(start)!;
    }

    private static void Expect(Process child, string line)
    {
        if (child.StandardOutput.ReadLine() != line)
        {
            throw new InvalidOperationException("A contender failed; its error stands above.");
        }
    }

    private static int Report(List<Process> children, int each)
    {
        var latency = new LatencySample(children.Count * each);
        HashSet<int> ports = [];
        int doubles = 0;
        long first = long.MaxValue, last = 0;
        double cpu = 0;
        foreach (Process child in children)
        {
            string[] field = child.StandardOutput.ReadLine()!.Split(' ');
            first = Math.Min(first, Parse(field[0]));
            last = Math.Max(last, Parse(field[1]));
            cpu += Parse(field[2]) / 1000.0;
            for (int i = 3; i < field.Length; i += 2)
            {
                doubles += ports.Add((int)Parse(field[i])) ? 0 : 1;
                latency.Add(Parse(field[i + 1]));
            }
        }

        double seconds = (last - first) / (double)Stopwatch.Frequency;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{children.Count} processes, {latency.Count} leases in {seconds:0.000} s: {latency.Count / seconds:0} leases a second, p50 {latency.Percentile(0.5) / 1000:0.00} ms, p90 {latency.Percentile(0.9) / 1000:0.00} ms, p99 {latency.Percentile(0.99) / 1000:0.00} ms, max {latency.Percentile(1) / 1000:0.0} ms, processor {cpu / latency.Count * 1000:0} us a lease, ports given twice {doubles}"));
        return doubles == 0 && latency.Count == children.Count * each ? 0 : 1;
    }

    private static long Parse(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
