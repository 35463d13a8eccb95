using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Results;

/// <summary>The way out of a batch. For its reader, but for what says otherwise.</summary>
/// <param name="results">The results.</param>
/// <param name="room">Where reading makes room.</param>
/// <param name="isOpen">Whether input may still come.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class ResultReader<TInput, TResult>(ResultQueue<TInput, TResult> results, BatchRoom room, Func<bool> isOpen)
{
    /// <summary>What a reader that does not block waits on after it announced itself to the results.</summary>
    private readonly SemaphoreSlim _waking = new(0);

    /// <summary>What one that blocks waits on. Without spinning: where results come that fast it sleeps, see <see cref="ReadPacing"/>.</summary>
    private readonly WakeSignal _signal = new();

    private readonly ReadPacing _pacing = new();

    /// <summary>The reader that waits, or waited last, does not block.</summary>
    private volatile bool _isAsync;

    /// <summary>The reader is wanted for something else.</summary>
    private volatile bool _isInterrupted;

    /// <summary>Wakes the reader. Any thread.</summary>
    public void Wake()
    {
        if (_isAsync)
        {
            _waking.Release();
        }
        else
        {
            _signal.Set();
        }
    }

    /// <summary>Ends the present <see cref="Wait"/>, or the next one, though there may be nothing. Any thread.</summary>
    public void Interrupt()
    {
        _isInterrupted = true;
        _signal.Set();
    }

    /// <summary>Takes the next result, if there is one.</summary>
    public bool TryRead(out OperationResult<TInput, TResult> result)
    {
        if (!results.TryTake(out result))
        {
            return false;
        }

        room.RecordRead(result.OperationCount);
        _pacing.RecordRead(result.OperationCount);
        return true;
    }

    /// <summary>Blocks until there is a result to read, room for input, or nothing more to come.</summary>
    /// <param name="timeout">How long at most, to the millisecond.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when there is a result or room for input.</returns>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (HasResultsOrRoom())
        {
            return true;
        }

        long start = Stopwatch.GetTimestamp();
        PauseIfWorthwhile(timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout, cancellationToken);
        while (PrepareToBlock() && !_isInterrupted && !HasResultsOrRoom() && results.AnnounceWait())
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

            _signal.Wait(left, cancellationToken);
        }

        _isInterrupted = false;
        return HasResultsOrRoom();
    }

    /// <summary>Blocks until there is a result to read.</summary>
    /// <returns>False when all results were read and no more come.</returns>
    public bool WaitToRead()
    {
        if (!results.HasResults)
        {
            PauseIfWorthwhile(TimeSpan.MaxValue, CancellationToken.None);
        }

        while (PrepareToBlock() && results.AnnounceWait())
        {
            _signal.Wait(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }

        return results.HasResults;
    }

    /// <summary>Waits until there is a result to read.</summary>
    /// <returns>False when all results were read and no more come.</returns>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        _isAsync = true;
        return results.AnnounceWait() ? WaitForResultAsync(cancellationToken) : new ValueTask<bool>(results.HasResults);
    }

    /// <summary>Reads results until no more come.</summary>
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

    private bool HasResultsOrRoom() => results.HasResults || (!room.IsFull && isOpen());

    /// <summary>Lets results gather, if that is worth while. No result ends it early: none signals before it was announced that one is waited for.</summary>
    private void PauseIfWorthwhile(TimeSpan longest, CancellationToken cancellationToken)
    {
        TimeSpan pause = _pacing.ChoosePause(room.Capacity, room.Unread, longest);
        if (pause > TimeSpan.Zero && PrepareToBlock() && !_isInterrupted)
        {
            _signal.Wait(pause, cancellationToken);
            _pacing.RecordPause();
        }
    }

    /// <summary>Forgets earlier signals, before it is looked whether there is any need to wait: whoever makes it needless signals after that.</summary>
    private bool PrepareToBlock()
    {
        _isAsync = false;
        _signal.Reset();
        return true;
    }

    private async ValueTask<bool> WaitForResultAsync(CancellationToken cancellationToken)
    {
        do
        {
            await _waking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (results.AnnounceWait());
        return results.HasResults;
    }
}
