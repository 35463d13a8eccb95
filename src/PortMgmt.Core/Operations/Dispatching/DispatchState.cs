using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Dispatching;

/// <summary>What a batch has come to, and the settings that hold for it. Written under the dispatcher's lock.</summary>
internal sealed class DispatchState
{
    private volatile bool _isStopping;
    private volatile bool _isInputEnded;

    /// <summary>The batch was stopped: what starts now must not.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>No more operations are accepted.</summary>
    public bool IsInputEnded => _isInputEnded;

    /// <summary>All operations have ended: nothing will be needed again. Under the lock.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>How many operations a chunk has at most.</summary>
    public int BatchSize { get; set; }

    /// <summary>How long the oldest operation waits for a chunk to fill. Under the lock.</summary>
    public long FlushUnits { get; set; }

    /// <summary>What a chunk should take at most: the flush time, but a millisecond at least and 20 at most. Under the lock.</summary>
    public long PaceUnits { get; set; }

    /// <summary>What lanes took for chunks that they got earlier says nothing of what waits now. Under the lock.</summary>
    public long MeasuredSince { get; set; } = long.MinValue;

    /// <summary>Takes the settings that hold from now on. Under the lock.</summary>
    /// <param name="chunks">How many operations a chunk has at most, and how long it may gather.</param>
    /// <param name="clock">The clock.</param>
    public void TakeSettings((int BatchSize, TimeSpan BatchFlush) chunks, OperationClock clock)
    {
        BatchSize = chunks.BatchSize;
        FlushUnits = clock.ToUnits(chunks.BatchFlush);
        PaceUnits = Math.Clamp(FlushUnits, clock.ToUnits(ChunkSizing.MinTime), clock.ToUnits(ChunkSizing.MaxTime));
    }

    public void Stop()
    {
        _isStopping = true;
        _isInputEnded = true;
    }

    public void EndInput() => _isInputEnded = true;

    public void End() => IsEnded = true;
}
