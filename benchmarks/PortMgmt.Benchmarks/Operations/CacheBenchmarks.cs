using System.Globalization;
using BenchmarkDotNet.Attributes;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.Caching;

namespace PortMgmt.Benchmarks.Operations;

/// <summary>The result cache at different sizes: a cost that does not grow with the size is what O(1) means.</summary>
[MemoryDiagnoser]
public class CacheBenchmarks
{
    private const int Rounds = 1000;

    private readonly CacheCounters _counters = new();
    private OperationCache<int, int> _cache = null!;
    private OperationBatch<int, int> _batch = null!;
    private CacheKey[] _known = [];
    private CacheKey[] _unknown = [];
    private int _next;

    [Params(1_000, 100_000, 1_000_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _batch = new OperationScheduler<int, int>().StartBatch(static (operation, _) => ValueTask.FromResult(operation.Input));
        _cache = new OperationCache<int, int>(Size, _counters);
        _known = [.. Enumerable.Range(0, Size).Select(i => Key(i))];
        _unknown = [.. Enumerable.Range(Size, 2 * Size).Select(i => Key(i))];
        foreach (CacheKey key in _known)
        {
            Store(key);
        }
    }

    /// <summary>A result that is there, anywhere in the order of use.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public int Hit()
    {
        int sum = 0;
        for (int i = 0; i < Rounds; i++)
        {
            _next = (_next + 7919) % Size;
            _cache.Resolve(new CacheWaiter<int, int>(_batch.Outcome, new Operation<int>(0)), _known[_next], out int output);
            sum += output;
        }

        return sum;
    }

    /// <summary>A result that is not there: its operation leads, its result is stored, and the one used least recently goes.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public void MissStoreAndEvict()
    {
        for (int i = 0; i < Rounds; i++)
        {
            _next = (_next + 1) % _unknown.Length;
            Store(_unknown[_next]);
        }
    }

    private static CacheKey Key(int i) => new(i.ToString(CultureInfo.InvariantCulture), null, string.Empty);

    private void Store(CacheKey key)
    {
        var operation = new Operation<int>(1);
        if (_cache.Resolve(new CacheWaiter<int, int>(_batch.Outcome, operation), key, out _) == CacheAnswer.Leads)
        {
            _cache.Settle((CacheEntry<int, int>)operation.CacheEntry!, 1, store: true);
        }
    }
}
