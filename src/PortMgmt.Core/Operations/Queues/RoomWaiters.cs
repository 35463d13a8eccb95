using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Queues;

/// <summary>
/// The producers that wait until a batch has room, in either way. Each says so before it looks for room the last time, and whoever makes
/// room looks for them after it has: so one of the two sees the other. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class RoomWaiters
{
    /// <summary>What producers await; each looks again when it is woken.</summary>
    private readonly SemaphoreSlim _space = new(0);

    /// <summary>What producers that block wait on: each for another count of changes than it saw.</summary>
    private readonly object _change = new();

    private int _awaiting;
    private int _blocked;
    private long _changes;

    /// <summary>A producer is about to look for room until there is some: from now on it is told of room.</summary>
    public void AddAwaiting() => Interlocked.Increment(ref _awaiting);

    /// <summary>A producer looks for room no longer.</summary>
    public void RemoveAwaiting() => Interlocked.Decrement(ref _awaiting);

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

    /// <summary>There is room for so many more; to be called behind a full fence after it was made.</summary>
    public void Announce(int operations)
    {
        if (Volatile.Read(ref _awaiting) > 0)
        {
            _space.Release(operations);
        }

        if (Volatile.Read(ref _blocked) > 0)
        {
            AnnounceChange();
        }
    }

    /// <summary>Has all look again: the capacity is another, or no more operations are taken.</summary>
    public void ReleaseAll()
    {
        _space.Release(Volatile.Read(ref _awaiting) + 1);
        AnnounceChange();
    }

    private void AnnounceChange()
    {
        lock (_change)
        {
            Volatile.Write(ref _changes, _changes + 1);
            Monitor.PulseAll(_change);
        }
    }
}
