using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Results;

/// <summary>
/// The results of a batch on their way to its reader, which takes all that is in a buffer at once. Workers meet here when a buffer has its
/// first result, not for each. Thread-safe for many writers and one reader.
/// </summary>
/// <param name="ordered">Results come in the order of the input.</param>
/// <param name="newRecorder">Makes a record of what ended, for each buffer.</param>
internal sealed class ResultQueue<TInput, TResult>(bool ordered, Func<OperationRecorder> newRecorder)
{
    private readonly Lock _lock = new();
    private readonly InputOrder<TInput, TResult>? _order = ordered ? new() : null;

    /// <summary>What holds results that the reader has not taken, the one that was filled first in front.</summary>
    private readonly Queue<ResultBuffer<TInput, TResult>> _filled = new();

    private readonly ResultBuffers<TInput, TResult> _buffers = new(newRecorder);

    /// <summary>The size of the queue of filled buffers, for a look without the lock.</summary>
    private int _filledCount;

    /// <summary>How many operations end in all; not known yet while negative.</summary>
    private long _expected = -1;

    private bool _isComplete;
    private bool _readerWaits;

    /// <summary>What the reader empties; only it touches this.</summary>
    private OperationResult<TInput, TResult>[] _taken = new OperationResult<TInput, TResult>[16];

    private int _takenCount;
    private int _takenNext;

    /// <summary>How many operations ended.</summary>
    public long Ended => _buffers.Ended;

    /// <summary>How many operations ended in which way.</summary>
    public BatchProgress Progress => _buffers.Progress;

    /// <summary>Whether the reader would find a result. By the reader alone.</summary>
    public bool HasResults
    {
        get
        {
            if (_order is null)
            {
                return HasTaken;
            }

            while (!_order.HasNext)
            {
                if (!TryTakeAny(out OperationResult<TInput, TResult> result))
                {
                    return false;
                }

                _order.Add(result);
            }

            return true;
        }
    }

    /// <summary>As many operations have ended as were accepted, and no more come.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Whether the reader has results at hand, after it took what there is if it had none.</summary>
    private bool HasTaken
    {
        get
        {
            // A buffer may be found empty: see TryComplete.
            while (_takenNext == _takenCount)
            {
                if (Volatile.Read(ref _filledCount) == 0)
                {
                    return false;
                }

                ResultBuffer<TInput, TResult> buffer;
                lock (_lock)
                {
                    buffer = _filled.Dequeue();
                    Volatile.Write(ref _filledCount, _filled.Count);
                }

                _takenCount = buffer.Take(ref _taken);
                _takenNext = 0;
            }

            return true;
        }
    }

    /// <summary>The buffer of a lane, or of what ends without one.</summary>
    /// <param name="lane">The lane's number; 0 for none.</param>
    public ResultBuffer<TInput, TResult> BufferOf(int lane) => _buffers.For(lane);

    /// <summary>Records an attempt that will be repeated.</summary>
    public void RecordAttempt(LaneOutput<TInput, TResult>? lane, Operation<TInput> operation) =>
        (lane?.Results ?? BufferOf(0)).RecordAttempt(operation);

    /// <summary>Adds what was recorded of the batch's operations to another recorder.</summary>
    public void AddTo(OperationRecorder other) => _buffers.AddTo(other);

    /// <summary>Adds a result.</summary>
    /// <param name="lane">The lane that ended it; null for what ends without one.</param>
    /// <param name="result">The result.</param>
    /// <param name="mayBeLast">False where the caller knows of an operation that has not ended: then nobody looks whether all have.</param>
    /// <returns>Whether the reader waits and has to be woken, and whether this was the last result of all, which is said once.</returns>
    public (bool Wake, bool Last) Add(LaneOutput<TInput, TResult>? lane, in OperationResult<TInput, TResult> result, bool mayBeLast)
    {
        ResultBuffer<TInput, TResult> buffer = lane?.Results ?? BufferOf(0);
        (bool wasEmpty, bool isEnding) = buffer.Add(result);

        // Whoever ends the last operation has none left, and sees what all others counted before: only that one has to look.
        mayBeLast = mayBeLast && isEnding && lane is not { HasMore: true };
        if (!wasEmpty && !mayBeLast)
        {
            return (false, false);
        }

        lock (_lock)
        {
            if (wasEmpty)
            {
                Notify(buffer);
            }

            bool last = mayBeLast && TryComplete();
            bool wake = _readerWaits && (wasEmpty || last);
            if (wake)
            {
                _readerWaits = false;
            }

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
            _buffers.RecordEnding();
            return TryComplete();
        }
    }

    /// <summary>The reader is about to wait. By the reader alone.</summary>
    /// <returns>False when it need not.</returns>
    public bool AnnounceWait()
    {
        while (!HasResults)
        {
            lock (_lock)
            {
                if (_filled.Count == 0)
                {
                    return _readerWaits = !_isComplete;
                }
            }
        }

        return false;
    }

    /// <summary>Takes the next result. By the reader alone.</summary>
    public bool TryTake(out OperationResult<TInput, TResult> result)
    {
        if (_order is null)
        {
            return TryTakeAny(out result);
        }

        result = default;
        return HasResults && _order.TryTake(out result);
    }

    private bool TryTakeAny(out OperationResult<TInput, TResult> result)
    {
        if (!HasTaken)
        {
            result = default;
            return false;
        }

        ref OperationResult<TInput, TResult> next = ref _taken[_takenNext++];
        result = next;

        // What was read must not be kept alive by the array, which is used again.
        next = default;
        return true;
    }

    private bool TryComplete()
    {
        if (_expected < 0 || _isComplete || _buffers.Ended != _expected)
        {
            return false;
        }

        // Others have counted results and may not have told of them yet; a reader who finds that all have ended must find those too.
        foreach (ResultBuffer<TInput, TResult>? buffer in _buffers.All)
        {
            if (buffer is not null)
            {
                Notify(buffer);
            }
        }

        Volatile.Write(ref _isComplete, true);
        return true;
    }

    private void Notify(ResultBuffer<TInput, TResult> buffer)
    {
        _filled.Enqueue(buffer);
        Volatile.Write(ref _filledCount, _filled.Count);
    }
}
