namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The permit that an operation holds while it waits for batches which it started under the same limit. They borrow it in turn, one
/// lane at a time, so that no more run than the limit says and yet something always moves. Thread-safe.
/// </summary>
/// <param name="limit">The limit that the permit is under.</param>
/// <param name="attempt">Tells which attempt of which operation holds the permit now; null for none.</param>
internal sealed class OperationPermit(ConcurrencyLimit limit, Func<(object Operation, int Number)?> attempt)
{
    private readonly Lock _lock = new();
    private readonly Queue<IPermitWaiter> _waiters = new();
    private bool _isLent;

    /// <summary>The limit that the permit is under.</summary>
    public ConcurrencyLimit Limit => limit;

    /// <summary>The attempt that holds the permit now; null for none.</summary>
    public (object Operation, int Number)? Attempt => attempt();

    /// <summary>Another waits for it.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>Takes the permit, or remembers who asked for when it comes back. Who is remembered already must not ask.</summary>
    public bool TryBorrow(IPermitWaiter waiter)
    {
        lock (_lock)
        {
            if (_isLent)
            {
                _waiters.Enqueue(waiter);
                return false;
            }

            return _isLent = true;
        }
    }

    /// <summary>Gives the permit back. Who is returned has it now and must be told, outside of any lock.</summary>
    public IPermitWaiter? Return()
    {
        lock (_lock)
        {
            if (_waiters.TryDequeue(out IPermitWaiter? waiter))
            {
                return waiter;
            }

            _isLent = false;
            return null;
        }
    }
}
