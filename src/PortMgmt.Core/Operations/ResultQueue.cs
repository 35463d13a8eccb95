namespace PortMgmt.Operations;

/// <summary>
/// The results of a batch on their way to its reader: workers add under a lock, the one reader takes all that there is at once and then
/// reads without a lock. Counts what ended, by status. Thread-safe for many writers and one reader.
/// </summary>
internal sealed class ResultQueue<TInput, TResult>(bool ordered)
{
    private readonly Lock _lock = new();
    private readonly long[] _ended = new long[(int)OperationStatus.Rejected + 1];

    /// <summary>In ordered mode: results that came before their turn, by sequence. Null stands for an operation within another's hand-off.</summary>
    private readonly Dictionary<long, OperationResult<TInput, TResult>?>? _early = ordered ? [] : null;

    /// <summary>What writers fill.</summary>
    private Queue<OperationResult<TInput, TResult>> _incoming = new();

    /// <summary>What the reader empties; only it touches this.</summary>
    private Queue<OperationResult<TInput, TResult>> _outgoing = new();

    private long _turn;
    private long _endedTotal;
    private long _fromCache;
    private int _available;

    /// <summary>How many operations end in all; not known yet while negative.</summary>
    private long _expected = -1;

    private bool _isComplete;
    private bool _readerWaits;

    /// <summary>How many operations ended.</summary>
    public long Ended => Volatile.Read(ref _endedTotal);

    /// <summary>How many operations were answered without running.</summary>
    public long FromCache => Volatile.Read(ref _fromCache);

    /// <summary>Whether the reader would find a result. By the reader alone.</summary>
    public bool HasResults => _outgoing.Count > 0 || Volatile.Read(ref _available) > 0;

    public long Count(OperationStatus status) => Volatile.Read(ref _ended[(int)status]);

    /// <summary>As many operations have ended as were accepted, and no more come.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Adds a result.</summary>
    /// <returns>Whether the reader waits and has to be woken, and whether this was the last result of all, which is said once.</returns>
    public (bool Wake, bool Last) Add(in OperationResult<TInput, TResult> result)
    {
        lock (_lock)
        {
            int operations = result.OperationCount;
            if (_early is null)
                _incoming.Enqueue(result);
            else
                AddInOrder(result, _early);
            Volatile.Write(ref _available, _incoming.Count);
            _ended[(int)result.Status] += operations;
            if (result.FromCache)
                _fromCache += operations;
            Volatile.Write(ref _endedTotal, _endedTotal + operations);
            bool last = TryComplete();
            bool wake = _readerWaits && (_available > 0 || last);
            if (wake)
                _readerWaits = false;
            return (wake, last);
        }
    }

    /// <summary>Says how many operations end in all.</summary>
    /// <returns>Whether they have; it is said once.</returns>
    public bool Expect(long total)
    {
        lock (_lock)
        {
            _expected = total;
            return TryComplete();
        }
    }

    /// <summary>The reader is about to wait. By the reader alone.</summary>
    /// <returns>False when it need not.</returns>
    public bool AnnounceWait()
    {
        lock (_lock)
            return _readerWaits = !HasResults && !_isComplete;
    }

    /// <summary>Takes the next result. By the reader alone.</summary>
    public bool TryTake(out OperationResult<TInput, TResult> result)
    {
        if (_outgoing.TryDequeue(out result))
            return true;
        if (Volatile.Read(ref _available) == 0)
            return false;
        lock (_lock)
        {
            (_incoming, _outgoing) = (_outgoing, _incoming);
            Volatile.Write(ref _available, 0);
        }

        return _outgoing.TryDequeue(out result);
    }

    private bool TryComplete()
    {
        if (_isComplete || _endedTotal != _expected)
            return false;
        Volatile.Write(ref _isComplete, true);
        return true;
    }

    private void AddInOrder(in OperationResult<TInput, TResult> result, Dictionary<long, OperationResult<TInput, TResult>?> early)
    {
        foreach (Operation<TInput> member in result.Operation.Group ?? [])
            early[member.Sequence] = null;
        early[result.Operation.Sequence] = result;
        while (early.Remove(_turn, out OperationResult<TInput, TResult>? next))
        {
            _turn++;
            if (next is { } due)
                _incoming.Enqueue(due);
        }
    }
}
