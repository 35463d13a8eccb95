using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Puts results into the cmdlet's pipeline, as objects or, raw, as what the operations wrote to their streams.</summary>
internal sealed class PipelineSink(PSCmdlet cmdlet, bool isRaw, bool stopsAtFailure, BatchProgressBar progress, BatchEvents events) : IResultSink
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
        if (!isRaw && !(stopsAtFailure && summary.HasFailures) && summary.Describe() is { } said)
        {
            cmdlet.WriteWarning(said);
        }
    }

    // With the position and the command that it had: WriteError would make it one of this cmdlet's own.
    private void Write(ErrorRecord record) => new PSStreamObject(PSStreamObjectType.Error, record).WriteStreamObject(cmdlet, overrideInquire: false);

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

        if (stopsAtFailure && result.Status != OperationStatus.Succeeded)
        {
            // The batch ends by an error that has them; written here, the first would end it before the results of others are out.
            return;
        }

        foreach (ErrorRecord record in result.Error)
        {
            Write(record);
        }
    }
}
