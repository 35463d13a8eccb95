using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>A batch whose operations other nodes run: what goes out is made on the cmdlet's thread, what comes back becomes an outcome like a script's.</summary>
/// <param name="batch">The batch.</param>
/// <param name="notices">What it has to say, until the cmdlet's thread shows it.</param>
internal sealed class RemoteBatch(IClusterBatch batch, ConcurrentQueue<string> notices) : IDisposable
{
    /// <summary>How long the removal of the results may take; they go by themselves where it does not work.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Operation<PSObject?>, ClusterOperation> _outgoing = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _ids = [];
    private long _position;
    private bool _isDisposed;

    /// <summary>Opens one.</summary>
    /// <exception cref="OperationException">The broker failed, or another submitter has it.</exception>
    public static RemoteBatch Open(ClusterOptions cluster, ClusterBatchOptions options, CancellationToken cancellationToken)
    {
        var notices = new ConcurrentQueue<string>();
        IClusterBatch batch = DaemonTable.Shared.Transport
            .OpenBatchAsync(cluster, options with { OnNotice = notices.Enqueue }, cancellationToken).GetAwaiter().GetResult();
        return new RemoteBatch(batch, notices);
    }

    /// <summary>The batch's id.</summary>
    public string Id => batch.Id;

    /// <summary>What the batch has counted.</summary>
    public ClusterBatchCounts Counts => batch.Counts;

    /// <summary>Takes out what the batch has to say, the oldest first.</summary>
    public bool TryTakeNotice([NotNullWhen(true)] out string? notice) => notices.TryDequeue(out notice);

    /// <summary>Some operations have no result, so that the batch is to be gone on with.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Makes what is sent for an operation, on the cmdlet's thread: its properties may be scripts of the caller's.</summary>
    /// <exception cref="OperationException">It has no JSON, or no type.</exception>
    public void Prepare(Operation<PSObject?> operation)
    {
        _position++;
        if (operation.Type is null)
        {
            throw new OperationException(OperationErrorCode.InvalidOption, "The operation has no type, by which workers know it: give -Type.") { Option = "Type" };
        }

        ReadOnlyMemory<byte> input = JsonValues.Write(operation.Input);
        _outgoing[operation] = new ClusterOperation(operation.Id ?? RemoteOperations.MakeId(_position, input.Span), operation.Type, input);
    }

    /// <summary>Makes an operation of a dead letter.</summary>
    public Operation<PSObject?> Prepare(FailedOperation failed)
    {
        object? input = JsonValues.Read(failed.Input);
        var operation = new Operation<PSObject?>(input is null ? null : PSObject.AsPSObject(input)) { Id = failed.OperationId, Type = failed.Type };

        // Of two letters with the same id, from two batches, both are to run.
        string id = _ids.Add(failed.OperationId!) ? failed.OperationId! : RemoteOperations.MakeId(++_position, failed.Input.Span);
        _outgoing[operation] = new ClusterOperation(id, failed.Type, failed.Input);
        return operation;
    }

    /// <summary>Makes a worker of a scheduler that has operations run elsewhere.</summary>
    public RemoteWorker<PSObject?, ScriptOutcome> CreateWorker() => new(batch, operation => _outgoing[operation], Decode);

    /// <summary>Notes how an operation ended.</summary>
    public void Record(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        _outgoing.TryRemove(result.Operation, out _);
        IsIncomplete |= result.Output is null
            && result.Error is not OperationException { Code: OperationErrorCode.InvalidOption or OperationErrorCode.InputTooLarge or OperationErrorCode.OperationRejected };
    }

    /// <summary>The batch has ended: its results are removed from the broker unless some are missing.</summary>
    public void Complete()
    {
        if (!IsIncomplete)
        {
            using var timeout = new CancellationTokenSource(ShutdownTimeout);
            try
            {
                batch.CompleteAsync(timeout.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                // The broker is away; they go when their time is up.
            }
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            batch.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static ScriptOutcome Decode(ClusterResult result)
    {
        ErrorRecord[] errors = result.Status == OperationStatus.Succeeded
            ? []
            : [BatchErrors.ToErrorRecord(new OperationException(result.ErrorCode, result.Error ?? result.Status.ToString()), null)];
        return new ScriptOutcome(JsonValues.Read(result.Output), StreamRecords.None with { Errors = errors }, null, result.NodeId)
        {
            Errors = errors is [{ } failure] ? ErrorSummary.None.With(failure) : ErrorSummary.None,
        };
    }
}
