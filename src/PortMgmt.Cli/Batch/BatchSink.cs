using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Heads;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;

namespace PortMgmt.Cli.Batch;

/// <summary>Writes the results of a batch, and its job log.</summary>
/// <param name="results">Where results go.</param>
/// <param name="log">The job log; null for none.</param>
/// <param name="display">What shows how the batch gets on.</param>
internal sealed class BatchSink(ResultWriter results, JobLog? log, BatchDisplay display) : IBatchSink<BatchOperation, ChildResult>
{
    private bool _isNoticeTold;

    /// <summary>The last results are out: looks once more whether the job log is still there.</summary>
    public void Complete()
    {
        log?.Check();
        WriteNotice();
    }

    /// <inheritdoc/>
    public void Take(in OperationResult<BatchOperation, ChildResult> result)
    {
        results.Add(ChildRecord.From(result));
        log?.Add(ChildRecord.ToLogEntry(result));
        if (results.IsFull)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        display.Around(results.Flush);
        log?.Flush();
        WriteNotice();
    }

    private void WriteNotice()
    {
        if (log?.Notice is { } notice && !_isNoticeTold)
        {
            _isNoticeTold = true;
            display.Warn(notice);
        }
    }
}
