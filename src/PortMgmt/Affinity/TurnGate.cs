using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Lets scripts of one session that change something take turns, as they would on the session's own thread: one at a time, except those
/// of objects that a single operation has, which nobody else can change. A thread that has its turn keeps it through all that it calls.
/// Thread-safe.
/// </summary>
internal sealed class TurnGate
{
    /// <summary>How long a call waits before it looks whether it has been stopped.</summary>
    private const int PollMilliseconds = 50;

    private static readonly ConditionalWeakTable<object, TurnGate> Gates = [];

    /// <summary>For whose batches the runspaces of workers run operations.</summary>
    private static readonly ConditionalWeakTable<object, TurnGate> OfWorkers = [];

    private readonly object _lock = new();

    /// <summary>What threads are in whose objects nobody else has, with how often.</summary>
    private readonly Dictionary<object, (int Thread, int Depth)> _alone = new(ReferenceEqualityComparer.Instance);

    /// <summary>The objects that the threads have entered, the last one last; null for a turn.</summary>
    private readonly Dictionary<int, Stack<object?>> _entered = [];

    /// <summary>The thread that has its turn, and how often; 0 for none.</summary>
    private int _owner;
    private int _depth;

    private readonly object _session;
    private volatile Action<object?, string>[] _takers = [];

    private TurnGate(object session)
    {
        _session = session;
        Home = new HomeThread(this);
    }

    /// <summary>The session's own thread, where it waits for a batch.</summary>
    public HomeThread Home { get; }

    /// <summary>Has a batch of the session take what its scripts put out at home, and make it fit for operations. By the session's own thread.</summary>
    public void AddTaker(Action<object?, string> take)
    {
        lock (_lock)
        {
            _takers = [.. _takers, take];
        }
    }

    /// <summary>The batch is over.</summary>
    public void RemoveTaker(Action<object?, string> take)
    {
        lock (_lock)
        {
            _takers = [.. _takers.Where(known => known != take)];
        }
    }

    /// <summary>Gives each batch of the session what a script at home has, or has put out: the one that began with the script may be over.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">What it is called in errors.</param>
    public void TakeOutput(object? value, string name)
    {
        foreach (Action<object?, string> take in _takers)
        {
            take(value, name);
        }
    }

    /// <summary>Whether the present thread runs scripts of the session itself.</summary>
    public bool IsHome => ReferenceEquals(Runspace.DefaultRunspace, _session);

    /// <summary>Whether the present thread is within a script that others may wait for.</summary>
    public bool IsHeldHere
    {
        get
        {
            lock (_lock)
            {
                int thread = Environment.CurrentManagedThreadId;
                return _owner == thread || _entered.ContainsKey(thread);
            }
        }
    }

    /// <summary>The gate of a session.</summary>
    public static TurnGate Of(object session) => Gates.GetOrAdd(session, static session => new TurnGate(session));

    /// <summary>A worker's runspace runs operations for a batch of the session.</summary>
    public void Employ(object runspace) => OfWorkers.AddOrUpdate(runspace, this);

    /// <summary>Whether the present thread runs operations for the session, perhaps those that an operation of it started, or is its own.</summary>
    public bool IsServedHere()
    {
        object? runspace = Runspace.DefaultRunspace;
        while (runspace is not null && !ReferenceEquals(runspace, _session))
        {
            runspace = OfWorkers.TryGetValue(runspace, out TurnGate? gate) ? gate._session : null;
        }

        return runspace is not null;
    }

    /// <summary>Waits for a moment for the turn.</summary>
    /// <param name="key">What was taken of the object; null where it is not that object alone which is changed.</param>
    /// <returns>Whether the thread may go on; it then has to leave.</returns>
    public bool TryEnter(object? key)
    {
        int thread = Environment.CurrentManagedThreadId;
        lock (_lock)
        {
            if (IsFree(key, thread))
            {
                Enter(key, thread);
                return true;
            }
        }

        // Whoever has the turn may wait for this very thread.
        if (IsHome && Home.RunPending())
        {
            return false;
        }

        lock (_lock)
        {
            if (IsFree(key, thread) || (Monitor.Wait(_lock, PollMilliseconds) && IsFree(key, thread)))
            {
                Enter(key, thread);
                return true;
            }

            return false;
        }
    }

    /// <summary>Gives the turn to the present thread, while the one that has it waits for what this one does.</summary>
    /// <returns>Who has it.</returns>
    public int Borrow()
    {
        lock (_lock)
        {
            int lender = _owner;
            _owner = Environment.CurrentManagedThreadId;
            return lender;
        }
    }

    /// <summary>Gives the turn back.</summary>
    /// <param name="lender">Who had it.</param>
    public void GiveBack(int lender)
    {
        lock (_lock)
        {
            _owner = lender;
        }
    }

    /// <summary>Leaves what the thread entered last.</summary>
    public void Leave()
    {
        int thread = Environment.CurrentManagedThreadId;
        lock (_lock)
        {
            Stack<object?> entered = _entered[thread];
            object? key = entered.Pop();
            if (entered.Count == 0)
            {
                _entered.Remove(thread);
            }

            if (key is null)
            {
                _depth--;
                _owner = _depth == 0 ? 0 : _owner;
            }
            else if (_alone[key] is { Depth: > 1 } inside)
            {
                _alone[key] = (thread, inside.Depth - 1);
            }
            else
            {
                _alone.Remove(key);
            }

            Monitor.PulseAll(_lock);
        }
    }

    private static bool IsAlone(object? key) => key is not null && !Unbindings.Shared.IsShared(key);

    private bool IsFree(object? key, int thread) =>
        _owner == thread
        || ((key is null || !_alone.TryGetValue(key, out (int Thread, int Depth) inside) || inside.Thread == thread) && (_owner == 0 || IsAlone(key)));

    private void Enter(object? key, int thread)
    {
        if (!_entered.TryGetValue(thread, out Stack<object?>? entered))
        {
            _entered.Add(thread, entered = []);
        }

        if (_owner != thread && IsAlone(key))
        {
            _alone[key!] = (thread, _alone.TryGetValue(key!, out (int Thread, int Depth) inside) ? inside.Depth + 1 : 1);
            entered.Push(key);
            return;
        }

        _owner = thread;
        _depth++;
        entered.Push(null);
    }
}
