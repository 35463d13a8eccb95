using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Results;

namespace PortMgmt.Operations.Caching;

/// <summary>
/// Results by operation, least recently used out first, and the operations that run, so that the same one twice at once runs once.
/// Every step is O(1): a dictionary whose entries are also a doubly linked list in order of use. Thread-safe; calls nobody under its lock.
/// </summary>
internal sealed class OperationCache<TInput, TResult>(int capacity, CacheCounters counters)
{
    private readonly Lock _lock = new();

    /// <summary>Null until somebody asks: without ids nobody does.</summary>
    private Dictionary<CacheKey, CacheEntry<TInput, TResult>>? _entries;

    /// <summary>Operations that ran when the cache was cleared: those that waited already get their results, nobody else does.</summary>
    private readonly HashSet<CacheEntry<TInput, TResult>> _outdated = [];
    private CacheEntry<TInput, TResult>? _newest;
    private CacheEntry<TInput, TResult>? _oldest;
    private int _capacity = capacity;
    private int _stored;

    public bool IsEnabled => Volatile.Read(ref _capacity) > 0;

    /// <summary>How many results are kept.</summary>
    public int Size => Volatile.Read(ref _stored);

    /// <summary>Looks an operation up before it is queued; its entry is kept on it unless the result is known.</summary>
    public CacheAnswer Resolve(CacheWaiter<TInput, TResult> asking, CacheKey key, out TResult? output)
    {
        output = default;
        lock (_lock)
        {
            _entries ??= [];
            if (!_entries.TryGetValue(key, out CacheEntry<TInput, TResult>? entry))
            {
                counters.Miss();
                entry = new CacheEntry<TInput, TResult>(key);
                _entries.Add(key, entry);
                asking.Operation.CacheEntry = entry;
                return CacheAnswer.Leads;
            }

            if (!entry.IsStored)
            {
                counters.Coalesce();
                asking.Operation.CacheEntry = entry;
                (entry.Waiters ??= []).Add(asking);
                return CacheAnswer.Joined;
            }

            counters.Hit();
            output = entry.Output;
            Unlink(entry);
            LinkNewest(entry);
            return CacheAnswer.Hit;
        }
    }

    /// <summary>The operation that leads an entry ended. Keeps its result if asked to.</summary>
    /// <returns>Those that waited for it; null for nobody.</returns>
    public List<CacheWaiter<TInput, TResult>>? Settle(CacheEntry<TInput, TResult> entry, TResult? output, bool store)
    {
        lock (_lock)
        {
            List<CacheWaiter<TInput, TResult>>? waiters = entry.Waiters;
            entry.Waiters = null;
            if (!store || _capacity == 0 || _outdated.Contains(entry))
            {
                Forget(entry);
                return waiters;
            }

            entry.Output = output;
            entry.IsStored = true;
            _stored++;
            LinkNewest(entry);
            Evict();
            return waiters;
        }
    }

    /// <summary>The leader was cancelled with its batch: another batch's operation, if one waits, leads in its place.</summary>
    /// <param name="entry">The leader's entry.</param>
    /// <param name="cancelled">The batch that was stopped; its own waiters are taken out and returned.</param>
    /// <param name="successor">Who leads now and has to be run.</param>
    public List<CacheWaiter<TInput, TResult>>? Abandon(
        CacheEntry<TInput, TResult> entry, OperationOutcome<TInput, TResult> cancelled, out CacheWaiter<TInput, TResult>? successor)
    {
        lock (_lock)
        {
            List<CacheWaiter<TInput, TResult>>? own = TakeWaiters(entry, cancelled);
            if (entry.Waiters is { Count: > 0 } others)
            {
                successor = others[0];
                others.RemoveAt(0);
            }
            else
            {
                successor = null;
                Forget(entry);
            }

            return own;
        }
    }

    /// <summary>Takes out everything of a stopped batch that waits for operations of other batches.</summary>
    public List<CacheWaiter<TInput, TResult>> TakeWaiters(OperationOutcome<TInput, TResult> cancelled)
    {
        lock (_lock)
        {
            List<CacheWaiter<TInput, TResult>> all = [];
            if (_entries is null)
            {
                return all;
            }

            foreach (CacheEntry<TInput, TResult> entry in _entries.Values.Concat(_outdated))
            {
                all.AddRange(TakeWaiters(entry, cancelled) ?? []);
            }

            return all;
        }
    }

    public void Resize(int capacity)
    {
        lock (_lock)
        {
            _capacity = capacity;
            Evict();
        }
    }

    /// <summary>Drops every result; those of operations that run now are neither kept nor shared with who comes from here on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_entries is null)
            {
                return;
            }

            while (_oldest is { } entry)
            {
                Drop(entry);
            }

            _outdated.UnionWith(_entries.Values);
            _entries.Clear();
        }
    }

    private static List<CacheWaiter<TInput, TResult>>? TakeWaiters(CacheEntry<TInput, TResult> entry, OperationOutcome<TInput, TResult> batch)
    {
        List<CacheWaiter<TInput, TResult>>? taken = entry.Waiters?.FindAll(waiter => waiter.Owner == batch);
        entry.Waiters?.RemoveAll(waiter => waiter.Owner == batch);
        return taken;
    }

    private void Evict()
    {
        while (_stored > _capacity && _oldest is { } entry)
        {
            counters.Evict();
            Drop(entry);
        }
    }

    private void Drop(CacheEntry<TInput, TResult> entry)
    {
        Unlink(entry);
        _stored--;
        Forget(entry);
    }

    private void Forget(CacheEntry<TInput, TResult> entry)
    {
        // One that was cleared away may have a successor under its key, which stays.
        if (!_outdated.Remove(entry))
        {
            _entries!.Remove(entry.Key);
        }
    }

    private void LinkNewest(CacheEntry<TInput, TResult> entry)
    {
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is null)
        {
            _oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
    }

    private void Unlink(CacheEntry<TInput, TResult> entry)
    {
        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        entry.Older = entry.Newer = null;
    }
}
