using PortMgmt.Operations.History;

namespace PortMgmt.Operations.Results;

/// <summary>
/// Results that the reader has not taken, of a few lanes, and the record of what they ended: there are several of these, so that workers
/// seldom wait for each other. Thread-safe.
/// </summary>
internal sealed class ResultBuffer<TInput, TResult>(OperationRecorder recorder)
{
    private readonly Lock _lock = new();
    private OperationResult<TInput, TResult>[] _results = new OperationResult<TInput, TResult>[16];
    private int _count;
    private bool _isEnding;
    private EndedCounts _ended;

    /// <summary>What ended here so far; each count is whole, all of them need not be of one moment.</summary>
    public ref readonly EndedCounts Ended => ref _ended;

    /// <summary>The input has ended: whoever adds a result from here on is told so. When this returns, every earlier result is counted.</summary>
    public void RecordEnding()
    {
        lock (_lock)
        {
            _isEnding = true;
        }
    }

    /// <summary>Adds a result.</summary>
    /// <returns>Whether the buffer was empty, so that the reader has to be told of it, and whether the input has ended.</returns>
    public (bool WasEmpty, bool IsEnding) Add(in OperationResult<TInput, TResult> result)
    {
        lock (_lock)
        {
            if (_count == _results.Length)
            {
                OperationResult<TInput, TResult>[] full = _results;
                _results = new OperationResult<TInput, TResult>[2 * _count];
                Array.Copy(full, _results, _count);
            }

            _results[_count++] = result;
            _ended.Add(result.Status, result.OperationCount, result.FromCache);
            recorder.RecordEnd(result);
            return (_count == 1, _isEnding);
        }
    }

    /// <summary>Records an attempt that will be repeated.</summary>
    public void RecordAttempt(Operation<TInput> operation)
    {
        lock (_lock)
        {
            recorder.RecordAttempt(operation);
        }
    }

    /// <summary>Adds what was recorded of the operations to another recorder.</summary>
    public void AddTo(OperationRecorder other)
    {
        lock (_lock)
        {
            recorder.AddTo(other);
        }
    }

    /// <summary>Takes all results, in exchange for an array that holds none. By the reader alone.</summary>
    /// <param name="results">The array that the reader has emptied; the full one in its place.</param>
    /// <returns>How many results there are.</returns>
    public int Take(ref OperationResult<TInput, TResult>[] results)
    {
        lock (_lock)
        {
            (results, _results) = (_results, results);
            int count = _count;
            _count = 0;
            return count;
        }
    }
}
