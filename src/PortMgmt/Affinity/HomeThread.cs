namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// The thread of a session as long as it waits for batches: it runs scripts of the session for workers, each within the turn of the worker
/// that waits for it, which is the thread's own meanwhile. So there is one at a time. Thread-safe.
/// </summary>
/// <param name="gate">The session's turn.</param>
internal sealed class HomeThread(TurnGate gate)
{
    private readonly Lock _lock = new();

    /// <summary>What wakes the thread, for each batch that it waits for.</summary>
    private readonly List<Action> _wakes = [];

    /// <summary>What is to be run next; null for nothing.</summary>
    private HomeCall? _pending;

    /// <summary>The thread waits for a batch, or will again.</summary>
    public bool IsAttended
    {
        get
        {
            lock (_lock)
            {
                return _wakes.Count > 0;
            }
        }
    }

    /// <summary>The thread waits for a batch from now on, until <see cref="Leave"/>. By the thread.</summary>
    /// <param name="wake">Wakes it, for <see cref="RunPending"/>.</param>
    public void Attend(Action wake)
    {
        lock (_lock)
        {
            _wakes.Add(wake);
        }
    }

    /// <summary>The thread does not wait for that batch any more.</summary>
    public void Leave(Action wake)
    {
        HomeCall? left;
        lock (_lock)
        {
            _wakes.Remove(wake);
            left = _wakes.Count == 0 ? _pending : null;
            _pending = _wakes.Count == 0 ? null : _pending;
        }

        left?.Fail(NotAttended());
    }

    /// <summary>Has the thread run a script, and waits for its end. By a worker that has its turn.</summary>
    /// <exception cref="InvalidOperationException">The thread waits for no batch.</exception>
    public void Run(HomeCall call)
    {
        Action[] wakes;
        lock (_lock)
        {
            // It may wait for any of them, such as the first of two in one pipeline.
            wakes = _wakes.Count > 0 ? [.. _wakes] : throw NotAttended();
            _pending = call;
        }

        foreach (Action wake in wakes)
        {
            wake();
        }

        call.WaitForEnd();
    }

    /// <summary>Runs what a worker waits for. By the thread of the session.</summary>
    /// <returns>Whether there was something.</returns>
    public bool RunPending()
    {
        HomeCall? call = Take();
        if (call?.TryBegin() != true)
        {
            return call is not null;
        }

        try
        {
            if (call.TryPrepare())
            {
                RunWithin(call);
            }
        }
        finally
        {
            call.End();
        }

        return true;
    }

    private void RunWithin(HomeCall call)
    {
        int lender = gate.Borrow();
        try
        {
            call.Run();
        }
        finally
        {
            gate.GiveBack(lender);
        }
    }

    private HomeCall? Take()
    {
        lock (_lock)
        {
            HomeCall? call = _pending;
            _pending = null;
            return call;
        }
    }

    private static InvalidOperationException NotAttended() => new(
        "The script changes the session that it comes from in a way that only that session's own thread can, and that waits for no batch any more.");
}
