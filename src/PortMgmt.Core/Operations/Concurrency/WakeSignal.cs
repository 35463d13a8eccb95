namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// What one thread blocks on, without spinning, until others wake it. <see cref="ManualResetEventSlim"/> may not be reset while others set it.
/// </summary>
internal sealed class WakeSignal
{
    private readonly object _lock = new();
    private bool _isSet;

    /// <summary>Wakes the thread, or keeps it from blocking the next time. Any thread.</summary>
    public void Set()
    {
        lock (_lock)
        {
            _isSet = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Forgets earlier signals. By the thread that blocks.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _isSet = false;
        }
    }

    /// <summary>Blocks until there is a signal, which stays until it is forgotten, or the time is over. By one thread at a time.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static signal => ((WakeSignal)signal!).Set(), this))
        {
            lock (_lock)
            {
                if (!_isSet)
                {
                    Monitor.Wait(_lock, timeout);
                }
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
