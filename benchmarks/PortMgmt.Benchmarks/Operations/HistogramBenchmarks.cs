using BenchmarkDotNet.Attributes;
using PortMgmt.Metrics;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>Counting a latency, and reading percentiles from the merged histograms of many workers.</summary>
[MemoryDiagnoser]
public class HistogramBenchmarks
{
    private const int Values = 1 << 14;

    private readonly long[] _latencies = new long[Values];
    private readonly LatencyHistogram _histogram = new();
    private readonly List<LatencyHistogram> _workers = [];

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (int i = 0; i < Values; i++)
        {
            _latencies[i] = (long)Math.Pow(10, 3 + (random.NextDouble() * 7));
        }

        for (int worker = 0; worker < 100; worker++)
        {
            _workers.Add(new LatencyHistogram());
            foreach (long latency in _latencies)
            {
                _workers[worker].Record(latency);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public void Record()
    {
        foreach (long latency in _latencies)
        {
            _histogram.Record(latency);
        }
    }

    [Benchmark]
    public LatencySummary MergeAndSummarizeHundredWorkers()
    {
        var merged = new LatencyDistribution();
        foreach (LatencyHistogram worker in _workers)
        {
            worker.AddTo(merged);
        }

        return merged.Summarize();
    }
}
