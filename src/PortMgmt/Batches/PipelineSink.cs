using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Puts results into the cmdlet's pipeline, as objects or, raw, as what the operations wrote to their streams.</summary>
internal sealed class PipelineSink(PSCmdlet cmdlet, bool isRaw, BatchProgressBar progress, BatchEvents events) : IResultSink
{
    public void Put(OperationResult result)
    {
        progress.Count(result);
        if (isRaw)
        {
            WriteStreams(result);
        }
        else
        {
            cmdlet.WriteObject(result);
        }
    }

    public void Report(ErrorRecord error) => cmdlet.WriteError(error);

    public void Warn(string text) => cmdlet.WriteWarning(text);

    public void Tick(OperationBatch<PSObject?, ScriptOutcome> batch)
    {
        events.Deliver();
        if (progress.IsDue(out ProgressRecord? record, batch.Progress))
        {
            cmdlet.WriteProgress(record);
        }
    }

    public void Close(BatchSummary summary)
    {
        events.Close();
        if (progress.End() is { } record)
        {
            cmdlet.WriteProgress(record);
        }

        // Raw, the errors themselves have been written.
        if (!isRaw && summary.Describe() is { } said)
        {
            cmdlet.WriteWarning(said);
        }
    }

    private void WriteStreams(OperationResult result)
    {
        foreach (InformationRecord record in result.Information)
        {
            cmdlet.WriteInformation(record);
        }

        foreach (DebugRecord record in result.Debug)
        {
            cmdlet.WriteDebug(record.Message);
        }

        foreach (VerboseRecord record in result.Verbose)
        {
            cmdlet.WriteVerbose(record.Message);
        }

        foreach (WarningRecord record in result.Warning)
        {
            cmdlet.WriteWarning(record.Message);
        }

        foreach (object? output in result.Outputs)
        {
            cmdlet.WriteObject(output);
        }

        foreach (ErrorRecord record in result.Error)
        {
            cmdlet.WriteError(record);
        }
    }
}
