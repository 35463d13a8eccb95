using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PortMgmt.Operations;

/// <content>The way out.</content>
public sealed partial class OperationBatch<TInput, TResult>
{
    /// <summary>Takes the next result, if there is one. For the reader.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none now.</returns>
    public bool TryRead(out OperationResult<TInput, TResult> result)
    {
        if (!_results.TryTake(out result))
        {
            return false;
        }

        int operations = result.OperationCount;

        // A full fence: a producer either sees the room or is seen here.
        Interlocked.Add(ref _read.Value, operations);
        if (Volatile.Read(ref _spaceWaiters) > 0)
        {
            _space.Release(operations);
        }

        return true;
    }

    /// <summary>
    /// Blocks until there is a result to read, room for input, or nothing more to come; after <see cref="Complete"/> until there is a
    /// result or nothing more to come. For a caller that is producer and reader in one; <see cref="IsDrained"/> tells it the end.
    /// </summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when there is a result or room for input.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long start = Stopwatch.GetTimestamp();
        while (!HasResultsOrRoom() && _results.AnnounceWait())
        {
            TimeSpan left = timeout;
            if (timeout != Timeout.InfiniteTimeSpan)
            {
                left = timeout - Stopwatch.GetElapsedTime(start);
            }

            if (timeout != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)
            {
                return false;
            }

            _output.Wait(left, cancellationToken);
        }

        return HasResultsOrRoom();
    }

    /// <summary>Waits until there is a result to read. For the reader.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when all results were read and no more come.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        return _results.AnnounceWait() ? WaitForResultAsync(cancellationToken) : new ValueTask<bool>(_results.HasResults);
    }

    /// <summary>Reads results until no more come. For the reader.</summary>
    /// <param name="cancellationToken">Ends the reading, not the batch.</param>
    /// <returns>The results, as they finish or in the order of the input, whichever the options say.</returns>
    public async IAsyncEnumerable<OperationResult<TInput, TResult>> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        do
        {
            while (TryRead(out OperationResult<TInput, TResult> result))
            {
                yield return result;
            }
        }
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(false));
    }

    private bool HasResultsOrRoom() => _results.HasResults || (!IsFull && !_dispatcher.IsInputEnded);

    private async ValueTask<bool> WaitForResultAsync(CancellationToken cancellationToken)
    {
        do
        {
            await _output.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (_results.AnnounceWait());
        return _results.HasResults;
    }
}
