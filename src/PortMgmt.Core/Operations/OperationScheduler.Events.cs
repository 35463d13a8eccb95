namespace PortMgmt.Operations;

/// <content>Events, and what is asked of callers.</content>
public sealed partial class OperationScheduler<TInput, TResult>
{
    private long _listenerFailures;

    /// <summary>
    /// The events of all batches, on the thread on which they arise. Handlers must be quick and thread-safe; one that throws is counted in
    /// the health report and disturbs nobody. Nothing is built while there is no handler.
    /// </summary>
    public event Action<OperationEvent>? EventRaised;

    internal bool IsHeard(OperationBatch<TInput, TResult> batch) => EventRaised is not null || batch.Options.OnEvent is not null;

    internal void Raise(OperationBatch<TInput, TResult>? batch, OperationEvent raised)
    {
        Notify(batch?.Options.OnEvent, raised);
        Notify(EventRaised, raised);
    }

    /// <summary>Asks a function of the caller; one that throws is a failed listener and has said nothing.</summary>
    internal TAnswer? Query<T, TAnswer>(Func<T, TAnswer> question, T value)
    {
        try
        {
            return question(value);
        }
        catch (Exception)
        {
            // The operation's own outcome stands whatever the caller's function does; the health report shows that it threw.
            Interlocked.Increment(ref _listenerFailures);
            return default;
        }
    }

    private void Notify(Action<OperationEvent>? listener, OperationEvent raised)
    {
        try
        {
            listener?.Invoke(raised);
        }
        catch (Exception)
        {
            // A listener's failure is not the operation's; the health report shows it.
            Interlocked.Increment(ref _listenerFailures);
        }
    }
}
