using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.History;

/// <summary>
/// What a batch leaves for reports, in bounded memory: what happened when, and what there was of each type. Written as results pass by;
/// it has no thread and no timer. Not thread-safe: whoever owns it guards it.
/// </summary>
/// <param name="clock">The clock that timestamps are of.</param>
/// <param name="origin">When the scheduler was made, a timestamp.</param>
internal sealed class OperationRecorder(OperationClock clock, long origin)
{
    /// <summary>How fine a timeline begins.</summary>
    private static readonly TimeSpan FirstWidth = TimeSpan.FromMilliseconds(10);

    private readonly OperationTimeline _timeline = new(origin, clock.ToUnits(FirstWidth));
    private readonly TypeTally _types = new();

    /// <summary>Notes an attempt that will be repeated.</summary>
    public void RecordAttempt<TInput>(Operation<TInput> operation) => _timeline.Attempt(
        operation.ReadyAt, operation.StartedAt, EndOf(operation), operation.Group?.Length ?? 1);

    /// <summary>Notes an operation, or a whole hand-off, that ended.</summary>
    public void RecordEnd<TInput, TResult>(in OperationResult<TInput, TResult> result)
    {
        Operation<TInput> operation = result.Operation;
        int count = result.OperationCount;
        bool ran = operation.Attempts > 0 && !result.FromCache;
        bool failed = result.Status is OperationStatus.Failed or OperationStatus.TimedOut;
        long end = ran ? EndOf(operation) : clock.Now;
        if (ran)
        {
            RecordAttempt(operation);
        }
        else if (result.Status == OperationStatus.Cancelled)
        {
            _timeline.Wait(operation.EnqueuedAt, end, count);
        }

        _timeline.End(end, count, failed);
        if (operation.Type is { } type)
        {
            _types.Add(type, count, failed ? count : 0, ran ? 1 : 0, ran ? operation.ServiceTicks : 0);
        }
    }

    /// <summary>Adds what was noted to another recorder of the same scheduler.</summary>
    public void AddTo(OperationRecorder other)
    {
        _timeline.AddTo(other._timeline);
        _types.AddTo(other._types);
    }

    /// <summary>What was noted, for readers.</summary>
    /// <param name="originTime">When the scheduler was made, as a time.</param>
    public OperationHistory ToHistory(DateTimeOffset originTime) => new()
    {
        Since = originTime,
        Timeline = _timeline.ToBuckets(clock, originTime),
        Types = _types.ToFigures(),
    };

    private long EndOf<TInput>(Operation<TInput> operation) => operation.StartedAt + clock.ToUnits(new TimeSpan(operation.ServiceTicks));
}
