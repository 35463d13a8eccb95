using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.Operations.Results;

namespace PortMgmt.Cli.Cluster;

/// <summary>What is written of an operation that another node ran: the fields that <c>batch</c> writes, and the node.</summary>
internal static class SubmissionRecord
{
    /// <summary>The fields of a submitter's results.</summary>
    public const ResultFields Fields = ResultFields.Output | ResultFields.Error | ResultFields.Node;

    /// <summary>A result: as the node tells it, or why there is none.</summary>
    public static ResultRecord From(in OperationResult<Submission, ClusterResult> result)
    {
        ResultRecord record = ResultRecord.From(result) with { Number = result.Input.Line, ErrorMessage = result.Error?.Message, Attempts = 0 };
        return result.Output is not { } remote
            ? record
            : record with
            {
                Status = remote.Status,
                ExitCode = remote.ExitCode,
                OutputJson = remote.Output,
                ErrorMessage = remote.Error,
                Duration = remote.Duration,
                QueueTime = remote.QueueTime,
                Attempts = remote.Attempts,
                FromCache = result.FromCache || remote.FromCache,
                Node = remote.NodeId,
            };
    }
}
