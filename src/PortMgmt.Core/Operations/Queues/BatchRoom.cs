using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// How many operations a batch has room for: what was accepted, what has ended and what was read.
/// Thread-safe, but for what says otherwise.
/// </summary>
/// <param name="unboundedOutput">Results that nobody has read take no room.</param>
/// <param name="countEnded">How many operations have ended.</param>
internal sealed class BatchRoom(bool unboundedOutput, Func<long> countEnded)
{
    /// <summary>Operations accepted. Written under the dispatcher's lock.</summary>
    private readonly PaddedCounter _accepted = new();

    /// <summary>Operations whose results were read. Written by the reader.</summary>
    private readonly PaddedCounter _read = new();

    /// <summary>How much room had been made when that was last looked up; there may be more by now.</summary>
    private long _freedSeen;

    /// <summary>How many operations had ended when that was last looked up.</summary>
    private long _endedSeen;

    private int _capacity;

    /// <summary>The producers that wait for room.</summary>
    public RoomWaiters Waiters { get; } = new();

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
        Waiters.Announce(operations);
    }

    /// <summary>Tells producers that operations have ended, where that alone makes room.</summary>
    public void AnnounceEnded(int operations)
    {
        // A full fence: a producer either sees the room or is seen here.
        Interlocked.MemoryBarrier();
        Waiters.Announce(operations);
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
