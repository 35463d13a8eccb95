using PortMgmt.Advice;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.Operations.History;

namespace PortMgmt.Reports;

/// <summary>All that a report shows of one scheduler, at one moment. Does not change.</summary>
internal sealed record OperationReport
{
    /// <summary>The scheduler's name.</summary>
    public required string Name { get; init; }

    /// <summary>Metrics, health and settings.</summary>
    public required OperationSnapshot Figures { get; init; }

    /// <summary>How long operations waited for their first start.</summary>
    public required LatencyDistribution Queue { get; init; }

    /// <summary>How long attempts took.</summary>
    public required LatencyDistribution Service { get; init; }

    /// <summary>From acceptance to the result.</summary>
    public required LatencyDistribution Total { get; init; }

    /// <summary>What happened when, and which operations were slow or failed.</summary>
    public required OperationHistory History { get; init; }

    /// <summary>What should be changed, the gravest first.</summary>
    public IReadOnlyList<OperationFinding> Findings { get; init; } = [];

    /// <summary>Takes a report of a scheduler.</summary>
    /// <typeparam name="TInput">What executors work on.</typeparam>
    /// <typeparam name="TResult">What executors make of it.</typeparam>
    /// <param name="scheduler">The scheduler; it may be at work.</param>
    /// <param name="limits">From where on a figure is a finding; null for the defaults.</param>
    /// <returns>The report; operations that end meanwhile may be in some of its figures and not yet in others.</returns>
    public static OperationReport From<TInput, TResult>(OperationScheduler<TInput, TResult> scheduler, AdviceLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        OperationSnapshot figures = scheduler.GetSnapshot();
        (LatencyDistribution queue, LatencyDistribution service, LatencyDistribution total) = scheduler.GetLatencies();
        return new OperationReport
        {
            Name = scheduler.Name,
            Figures = figures,
            Queue = queue,
            Service = service,
            Total = total,
            History = scheduler.GetHistory(),
            Findings = OperationAdvisor.Examine(figures, limits),
        };
    }
}
