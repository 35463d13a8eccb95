using System.Diagnostics.CodeAnalysis;
using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// How many operations a batch has room for: what was accepted, what has ended and what was read, and the producers that wait for room.
/// Thread-safe, but for what says otherwise.
/// </summary>
/// <param name="unboundedOutput">Results that nobody has read take no room.</param>
/// <param name="countEnded">How many operations have ended.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class BatchRoom(bool unboundedOutput, Func<long> countEnded)
{
    /// <summary>What producers wait on; each looks again when it is woken.</summary>
    private readonly SemaphoreSlim _space = new(0);

    /// <summary>What producers that block wait on: each for another count of changes than it saw.</summary>
    private readonly object _change = new();

    /// <summary>Operations accepted. Written under the dispatcher's lock.</summary>
    private readonly PaddedCounter _accepted = new();

    /// <summary>Operations whose results were read. Written by the reader.</summary>
    private readonly PaddedCounter _read = new();

    /// <summary>How many callers wait for space.</summary>
    private int _waiters;

    /// <summary>How many callers block until there is space.</summary>
    private int _blocked;

    private long _changes;

    /// <summary>How much room had been made when that was last looked up; there may be more by now.</summary>
    private long _freedSeen;

    /// <summary>How many operations had ended when that was last looked up.</summary>
    private long _endedSeen;

    private int _capacity;

    /// <summary>How many operations may be accepted and not be gone.</summary>
    public int Capacity
    {
        get => Volatile.Read(ref _capacity);
        set => Volatile.Write(ref _capacity, value);
    }

    /// <summary>How many operations were accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted.Value);

    /// <summary>How many operations were accepted and have not been read. By the reader.</summary>
    public long Unread => Accepted - _read.Value;

    /// <summary>The producer cannot go on before something ends or is read.</summary>
    public bool IsFull => IsOutOfRoom(ref _freedSeen, unboundedOutput);

    /// <summary>No more operations can gather before one of those accepted ends: reading would not help.</summary>
    public bool IsClogged => IsOutOfRoom(ref _endedSeen, true);

    /// <summary>The batch is full of results that nobody has read, so that not even a refusal has room.</summary>
    public bool IsFullOfResults => !unboundedOutput && IsFull && countEnded() - Volatile.Read(ref _read.Value) >= _capacity;

    /// <summary>Counts an operation as accepted. Under the dispatcher's lock.</summary>
    /// <returns>Its place in the input.</returns>
    public long Accept()
    {
        long sequence = _accepted.Value;
        Volatile.Write(ref _accepted.Value, sequence + 1);
        return sequence;
    }

    /// <summary>Counts operations as read. By the reader.</summary>
    public void RecordRead(int operations)
    {
        // A full fence: a producer either sees the room or is seen here.
        Interlocked.Add(ref _read.Value, operations);
        AnnounceRoom(operations);
    }

    /// <summary>Tells producers that operations have ended, where that alone makes room.</summary>
    public void AnnounceEnded(int operations)
    {
        // A full fence: a producer either sees the room or is seen here.
        Interlocked.MemoryBarrier();
        AnnounceRoom(operations);
    }

    /// <summary>Has all producers that wait look again, since there will be no more room.</summary>
    public void ReleaseWaiters()
    {
        _space.Release(Volatile.Read(ref _waiters) + 1);
        AnnounceChange();
    }

    /// <summary>A producer is about to look for room until there is some: from now on it is told of room.</summary>
    public void AddWaiter() => Interlocked.Increment(ref _waiters);

    /// <summary>A producer looks for room no longer.</summary>
    public void RemoveWaiter() => Interlocked.Decrement(ref _waiters);

    /// <summary>Waits until there may be room.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _space.WaitAsync(cancellationToken);

    /// <summary>A producer is about to block until there is room: from now on it is told of room.</summary>
    /// <returns>How many changes there were so far.</returns>
    public long AddBlocked()
    {
        Interlocked.Increment(ref _blocked);
        return Volatile.Read(ref _changes);
    }

    /// <summary>A producer blocks no longer.</summary>
    public void RemoveBlocked() => Interlocked.Decrement(ref _blocked);

    /// <summary>Blocks until there may be room, without spinning.</summary>
    /// <param name="seen">How many changes there were before the producer looked for room.</param>
    /// <returns>How many there are now.</returns>
    public long Block(long seen)
    {
        lock (_change)
        {
            while (_changes == seen)
            {
                Monitor.Wait(_change);
            }

            return _changes;
        }
    }

    private void AnnounceRoom(int operations)
    {
        if (Volatile.Read(ref _waiters) > 0)
        {
            _space.Release(operations);
        }

        if (Volatile.Read(ref _blocked) > 0)
        {
            AnnounceChange();
        }
    }

    private void AnnounceChange()
    {
        lock (_change)
        {
            Volatile.Write(ref _changes, _changes + 1);
            Monitor.PulseAll(_change);
        }
    }

    /// <summary>
    /// Whether as many operations were accepted and are not gone as there may be. How many are gone is only looked up when what was seen
    /// earlier does not suffice: workers and reader write it for each operation.
    /// </summary>
    private bool IsOutOfRoom(ref long seen, bool onceEnded)
    {
        long accepted = Volatile.Read(ref _accepted.Value);
        if (accepted - Volatile.Read(ref seen) < _capacity)
        {
            return false;
        }

        long gone = onceEnded ? countEnded() : Volatile.Read(ref _read.Value);
        Volatile.Write(ref seen, gone);
        return accepted - gone >= _capacity;
    }
}
