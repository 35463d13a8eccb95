using PortMgmt.Cli.Batch;
using PortMgmt.Cluster;
using PortMgmt.Heads;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Cluster;

/// <summary>Writes the results of a batch that other nodes run, and keeps in mind whether all came back.</summary>
/// <param name="results">Where results go.</param>
internal sealed class SubmissionSink(ResultWriter results) : IBatchSink<Submission, ClusterResult>
{
    /// <summary>Operations are left without a result.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Why the first of them has none; null where it was interrupted or took too long.</summary>
    public OperationException? Lost { get; private set; }

    /// <inheritdoc/>
    public void Take(in OperationResult<Submission, ClusterResult> result)
    {
        Record(result);
        results.Add(SubmissionRecord.From(result));
        if (results.IsFull)
        {
            results.Flush();
        }
    }

    /// <inheritdoc/>
    public void Flush() => results.Flush();

    // What a node answered has a result, good or bad; what has none may get one when the batch is gone on with.
    private void Record(in OperationResult<Submission, ClusterResult> result)
    {
        if (result.Output is not null || result.Error is not OperationException failure || failure.Code is OperationErrorCode.InputTooLarge or OperationErrorCode.InvalidOption)
        {
            return;
        }

        IsIncomplete = true;
        if (failure.Code is not (OperationErrorCode.OperationCancelled or OperationErrorCode.OperationTimedOut))
        {
            Lost ??= failure;
        }
    }
}
