using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>Counts the threads of a batch's workers, so that the batch's end can wait for the last one to be gone. Thread-safe.</summary>
internal sealed class WorkerCount
{
    private readonly object _lock = new();

    /// <summary>The hand-offs that each worker has had that has left, by its number.</summary>
    private readonly Dictionary<int, StrongBox<long>> _handOffs = [];
    private int _count;

    /// <summary>The batch was given up: its runspaces are closed, not kept.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>How many workers there have been, and how many hand-offs those had that have left.</summary>
    public (int Workers, long HandOffs) Tally
    {
        get
        {
            lock (_lock)
            {
                return (_handOffs.Count, _handOffs.Values.Sum(static handOffs => handOffs.Value));
            }
        }
    }

    public void Enter()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    /// <summary>A worker's thread ends.</summary>
    /// <param name="number">The worker's number in the batch.</param>
    /// <param name="handOffs">How many hand-offs it has had so far.</param>
    public void Leave(int number, long handOffs)
    {
        lock (_lock)
        {
            _handOffs[number] = new StrongBox<long>(handOffs);
            _count--;
            Monitor.PulseAll(_lock);
        }
    }

    public void Abandon()
    {
        lock (_lock)
        {
            IsAbandoned = true;
        }
    }

    /// <summary>Waits until no worker is left.</summary>
    /// <param name="timeout">How long at most.</param>
    public void WaitForNone(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            TimeSpan left = timeout;
            while (_count > 0 && left > TimeSpan.Zero)
            {
                Monitor.Wait(_lock, left);
                left = timeout - Stopwatch.GetElapsedTime(start);
            }
        }
    }
}
