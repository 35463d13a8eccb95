using BenchmarkDotNet.Attributes;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>What an operation costs from enqueue to result when the executor does nothing, against the number of operations and of workers.</summary>
[MemoryDiagnoser]
public class SchedulerBenchmarks
{
    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Operations { get; set; }

    [Params(1, 4, 16, 64)]
    public int Workers { get; set; }

    [Benchmark(Baseline = true)]
    public Task<long> Stream() => Ours.Stream(Operations, Workers);

    [Benchmark]
    public Task<long> Threads() => Ours.Threads(Operations, Workers);
}
