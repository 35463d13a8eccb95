namespace PortMgmt.Operations.Queues;

/// <summary>How many operations of one type are handed out, and those that wait because that many already are.</summary>
internal sealed class TypeGate<TInput>(int limit)
{
    /// <summary>Operations of the type that were found ready while the gate was closed.</summary>
    public PriorityLevels<TInput> Held { get; } = new();

    /// <summary>How many are handed out.</summary>
    public int Active { get; set; }

    public bool IsOpen => Active < limit;
}
