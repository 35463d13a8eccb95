using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Where results go. Called by the thread that runs the batch.</summary>
internal interface IResultSink
{
    /// <summary>An operation ended.</summary>
    void Put(OperationResult result);

    /// <summary>An operation wrote something before it has ended.</summary>
    void PutEarly(IReadOnlyList<object?> output, StreamRecords streams);

    /// <summary>An operation told of its progress.</summary>
    void PutProgress(ProgressRecord record);

    /// <summary>Something is wrong with the batch that is no operation's error.</summary>
    void Report(ErrorRecord error);

    /// <summary>Something that the batch's owner should know and need not act on.</summary>
    void Warn(string text);

    /// <summary>Between results, and at least ten times a second: what else is due.</summary>
    void Tick(OperationBatch<PSObject?, ScriptOutcome> batch);

    /// <summary>The batch is over.</summary>
    /// <param name="summary">What went wrong in it.</param>
    void Close(BatchSummary summary);
}
