using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Events;
using PortMgmt.Operations.Results;

namespace PortMgmt.Operations.Dispatching;

/// <summary>What the lanes of a batch work with.</summary>
/// <param name="Supply">Where they get their chunks.</param>
/// <param name="Outcome">Where their attempts end.</param>
/// <param name="Results">Where their results go.</param>
/// <param name="Events">Who is told of their operations.</param>
/// <param name="Workers">Where they get their metrics.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Limit">The limit that they run under.</param>
/// <param name="Context">The context in which workers start: that of the batch's starter.</param>
/// <param name="WorkerFactory">Makes a worker.</param>
internal sealed record LaneServices<TInput, TResult>(
    LaneSupply<TInput> Supply,
    OperationOutcome<TInput, TResult> Outcome,
    ResultQueue<TInput, TResult> Results,
    BatchEvents<TInput, TResult> Events,
    WorkerMetricsSet Workers,
    OperationClock Clock,
    ConcurrencyLimit Limit,
    ExecutionContext Context,
    Func<IOperationWorker<TInput, TResult>> WorkerFactory);
