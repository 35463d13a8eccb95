using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Cluster;

/// <summary>How a node runs operations of one type.</summary>
/// <typeparam name="TInput">What its executor works on.</typeparam>
/// <typeparam name="TResult">What its executor makes of it.</typeparam>
internal sealed record ClusterWorkerOptions<TInput, TResult>
{
    /// <summary>Which kind of operations, a <see cref="ClusterName"/>.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// In how many queues the operations of the type wait, each with a leader of its own at the broker, 1 to 64. Whoever serves the type first
    /// decides, and another number is refused later; null for as many as it has, or one.
    /// </summary>
    public int? Partitions { get; init; }

    /// <summary>What runs them: its cache answers repeats, its figures count them.</summary>
    public required OperationScheduler<TInput, TResult> Scheduler { get; init; }

    /// <summary>Makes one worker of the scheduler.</summary>
    public required Func<IOperationWorker<TInput, TResult>> WorkerFactory { get; init; }

    /// <summary>Makes an input of what came. What it throws fails the operation.</summary>
    public required Func<ClusterDelivery, TInput> Decode { get; init; }

    /// <summary>Makes a result for the submitter; its output must be JSON, or nothing. Id, node and error are set by the worker where they are not.</summary>
    public required Func<OperationResult<TInput, TResult>, ClusterResult> Encode { get; init; }

    /// <summary>How many operations run, and are held, at once: 1 to 10,000.</summary>
    public required int MaxConcurrent { get; init; }

    /// <summary>
    /// How long one attempt may take; 25 minutes unless set, since a broker takes an operation away that is not acknowledged for 30
    /// minutes (its <c>consumer_timeout</c>). Null for no limit, where that was raised.
    /// </summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>Whether failed operations run again on this node before that is their result.</summary>
    public RetryOptions Retry { get; init; } = RetryOptions.None;

    /// <summary>How many results go into one message at most, 1 to 10,000; 100 unless set.</summary>
    public int ResultsPerMessage { get; init; } = 100;

    /// <summary>How long operations may take to end when the worker is told to stop, before they are given back; 30 s unless set.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the worker's health is looked at; 1 s unless set.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Says why the node should take no operations now; null while it should. Thread-safe and quick; what it throws is a reason too.</summary>
    public Func<string?>? HealthCheck { get; init; }

    /// <summary>Told when the worker's condition changes. Quick and thread-safe.</summary>
    public Action<ClusterWorkerState>? OnConditionChanged { get; init; }

    /// <summary>Told of what the worker's owner should know and need not act on: that the broker does not answer yet, that a queue was gone. Quick and thread-safe.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Called once the worker takes operations.</summary>
    public Action? OnStarted { get; init; }

    internal void Validate()
    {
        ClusterName.Require(nameof(Type), Type);
        OptionCheck.InRange(nameof(MaxConcurrent), MaxConcurrent, 1, 10_000);
        if (Partitions is int partitions)
        {
            OptionCheck.InRange(nameof(Partitions), partitions, 1, ClusterLimits.MaxPartitions);
        }

        OptionCheck.InRange(nameof(ResultsPerMessage), ResultsPerMessage, 1, 10_000);
        OptionCheck.InRange(nameof(DrainTime), DrainTime, TimeSpan.Zero, TimeSpan.FromDays(1));
        OptionCheck.InRange(nameof(HealthInterval), HealthInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
    }
}
