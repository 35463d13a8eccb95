using System.Globalization;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>
/// Runspaces that stay open between batches, because opening one takes up to 20 ms and a megabyte. One single-shot timer closes those
/// that nobody wanted for a while; without any there is no timer. Thread-safe.
/// </summary>
internal sealed class WarmRunspaces(TimeProvider clock)
{
    /// <summary>How long a runspace stays open for the next batch.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();

    /// <summary>Idle runspaces, the longest idle first.</summary>
    private readonly LinkedList<WorkerRunspace> _idle = new();

    private ITimer? _timer;
    private int _opened;

    /// <summary>How many runspaces are open and idle.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Gets a runspace of the setup: the one that was used last, or a new one, which takes its time.</summary>
    public WorkerRunspace Rent(RunspaceSetup setup) => TryTake(setup) ?? Open(setup);

    /// <summary>Opens a runspace that nobody has used.</summary>
    public WorkerRunspace Open(RunspaceSetup setup) =>
        new(setup, "PortMgmt worker " + Interlocked.Increment(ref _opened).ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes a runspace back and keeps it if it is fit for another batch.</summary>
    /// <param name="runspace">The runspace.</param>
    /// <param name="isUnchanged">There is nothing to reset, which takes half a millisecond.</param>
    public void Return(WorkerRunspace runspace, bool isUnchanged)
    {
        if (!runspace.IsFit || (!isUnchanged && !runspace.TryReset()))
        {
            runspace.Dispose();
            return;
        }

        lock (_lock)
        {
            runspace.IdleSince = clock.GetTimestamp();
            _idle.AddLast(runspace);
            _timer ??= clock.CreateTimer(static pool => ((WarmRunspaces)pool!).CloseOld(), this, KeepFor, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Closes all idle runspaces.</summary>
    public void Clear() => Close(TimeSpan.Zero);

    private WorkerRunspace? TryTake(RunspaceSetup setup)
    {
        List<WorkerRunspace> broken = [];
        WorkerRunspace? found = TryTake(setup, broken);
        foreach (WorkerRunspace runspace in broken)
        {
            runspace.Dispose();
        }

        return found;
    }

    // Whether a runspace is fit is asked again: scripts can close it while it is idle.
    private WorkerRunspace? TryTake(RunspaceSetup setup, List<WorkerRunspace> broken)
    {
        lock (_lock)
        {
            for (LinkedListNode<WorkerRunspace>? node = _idle.Last, previous; node is not null; node = previous)
            {
                previous = node.Previous;
                bool isFit = node.Value.IsFit;
                if (isFit && !node.Value.Setup.Serves(setup))
                {
                    continue;
                }

                _idle.Remove(node);
                if (isFit)
                {
                    return node.Value;
                }

                broken.Add(node.Value);
            }

            return null;
        }
    }

    private void CloseOld() => Close(KeepFor);

    private void Close(TimeSpan idleFor)
    {
        List<WorkerRunspace> old = [];
        lock (_lock)
        {
            while (_idle.First is { } first && clock.GetElapsedTime(first.Value.IdleSince) >= idleFor)
            {
                old.Add(first.Value);
                _idle.RemoveFirst();
            }

            _timer?.Dispose();
            _timer = _idle.First is not { } next ? null : clock.CreateTimer(
                static pool => ((WarmRunspaces)pool!).CloseOld(), this, RestOf(next.Value), Timeout.InfiniteTimeSpan);
        }

        foreach (WorkerRunspace runspace in old)
        {
            runspace.Dispose();
        }
    }

    // Rounded up: a timer that goes off just before the time would find nothing to close.
    private TimeSpan RestOf(WorkerRunspace runspace) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (KeepFor - clock.GetElapsedTime(runspace.IdleSince)).TotalMilliseconds)) + 1);
}
