namespace PortMgmt.Operations.Dispatching;

/// <summary>What of a batch's options concerns its dispatcher.</summary>
internal sealed record DispatchOptions
{
    /// <summary>How many lanes of the batch may hold a permit at once, whatever the shared limit says.</summary>
    public int MaxConcurrent { get; init; } = int.MaxValue;

    /// <summary>A lane gets its chunk as one piece.</summary>
    public bool DeliverAsChunk { get; init; }

    /// <summary>How many operations of a type may be handed out at once; null for no limits.</summary>
    public IReadOnlyDictionary<string, int>? TypeLimits { get; init; }

    /// <summary>How long one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long an executor that was told to stop may take.</summary>
    public TimeSpan StopGrace { get; init; }

    /// <summary>Takes them from the options of a batch.</summary>
    public static DispatchOptions From<TInput, TResult>(OperationBatchOptions<TInput, TResult> options, TimeSpan stopGrace) => new()
    {
        MaxConcurrent = options.MaxConcurrent ?? int.MaxValue,
        DeliverAsChunk = options.DeliverAsChunk,
        TypeLimits = options.TypeLimits,
        Timeout = options.Timeout,
        StopGrace = stopGrace,
    };
}
