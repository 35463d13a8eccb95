namespace PortMgmt.Operations.Events;

/// <summary>Who listens to the events of all batches of a scheduler, and what callers' own functions did wrong. Thread-safe.</summary>
internal sealed class EventListeners
{
    private long _failures;

    public event Action<OperationEvent>? Raised;

    /// <summary>Somebody listens.</summary>
    public bool IsHeard => Raised is not null;

    /// <summary>How often a listener, or another function of a caller, threw.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Tells all listeners.</summary>
    public void Raise(OperationEvent raised) => Notify(Raised, raised);

    /// <summary>Tells one listener.</summary>
    public void Notify(Action<OperationEvent>? listener, OperationEvent raised)
    {
        try
        {
            listener?.Invoke(raised);
        }
        catch (Exception)
        {
            // A listener's failure is not the operation's; the health report shows it.
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>Queries a function of the caller; one that throws is a failed listener and has said nothing.</summary>
    public TAnswer? Query<T, TAnswer>(Func<T, TAnswer> question, T value)
    {
        try
        {
            return question(value);
        }
        catch (Exception)
        {
            // The operation's own outcome stands whatever the caller's function does; the health report shows that it threw.
            Interlocked.Increment(ref _failures);
            return default;
        }
    }
}
