namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The place under the limit that an operation holds while it waits for batches which it started under the same limit. They have it in
/// turn, one lane at a time, so that no more run than the limit says and yet something always moves. Thread-safe.
/// </summary>
/// <param name="limit">The limit that the place is under.</param>
/// <param name="attempt">Tells which attempt of which operation holds the place now; null for none.</param>
internal sealed class StarterPlace(ConcurrencyLimit limit, Func<(object Operation, int Number)?> attempt)
{
    private readonly Lock _lock = new();
    private readonly Queue<IPermitHeir> _heirs = new();
    private bool _isLent;

    /// <summary>The limit that the place is under.</summary>
    public ConcurrencyLimit Limit => limit;

    /// <summary>The attempt that holds the place now; null for none.</summary>
    public (object Operation, int Number)? Attempt => attempt();

    /// <summary>Another waits for it.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock)
            {
                return _heirs.Count > 0;
            }
        }
    }

    /// <summary>Takes the place, or remembers who asked for when it comes back. Who is remembered already must not ask.</summary>
    public bool TryBorrow(IPermitHeir heir)
    {
        lock (_lock)
        {
            if (_isLent)
            {
                _heirs.Enqueue(heir);
                return false;
            }

            return _isLent = true;
        }
    }

    /// <summary>Gives the place back. Who is returned has it now and must be told, outside of any lock.</summary>
    public IPermitHeir? Return()
    {
        lock (_lock)
        {
            if (_heirs.TryDequeue(out IPermitHeir? heir))
            {
                return heir;
            }

            _isLent = false;
            return null;
        }
    }
}
