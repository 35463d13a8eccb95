using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Leases;
using PortMgmt.Operations;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Batch;

/// <summary>Runs operations as child processes, one after another, on a thread of its own.</summary>
/// <param name="template">The command.</param>
/// <param name="runner">What runs it; disposed of with this.</param>
/// <param name="registry">Where to lease a port for each operation; null for none.</param>
internal sealed class ChildWorker(CommandTemplate template, IChildRunner runner, PortRegistry? registry) : IOperationWorker<BatchOperation, ChildResult>
{
    /// <inheritdoc/>
    public void Wake(OperationLane<BatchOperation, ChildResult> lane) =>
        new Thread(() => Pull(lane)) { IsBackground = true, Name = $"PortMgmt worker {lane.Number}" }.Start();

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();

    private void Pull(OperationLane<BatchOperation, ChildResult> lane)
    {
        while (lane.Next(out Operation<BatchOperation>? operation))
        {
            ChildResult result = Run(operation.Input, lane.Token);
            if (result.Problem is { } problem)
            {
                lane.Fail(new OperationException(OperationErrorCode.OperationFailed, problem), result);
            }
            else
            {
                lane.Succeed(result);
            }
        }
    }

    private ChildResult Run(BatchOperation operation, CancellationToken cancellationToken)
    {
        byte[]? input = template.NeedsInput(operation) ? [.. operation.Text, (byte)'\n'] : null;
        try
        {
            using PortLease? lease = registry?.Acquire(new PortLeaseRequest(), cancellationToken);
            return runner.Run(new ChildRequest(template.Expand(operation, lease?.Port), input, lease?.Port), cancellationToken);
        }
        catch (Exception failure) when (failure is PortRegistryException or OperationCanceledException)
        {
            return ChildResult.NotStarted(failure.Message);
        }
    }
}
