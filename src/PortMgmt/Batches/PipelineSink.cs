using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.PowerShell.Terminal;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Batches;

/// <summary>Puts results into the cmdlet's pipeline, as objects or, raw, as what the operations wrote to their streams.</summary>
internal sealed class PipelineSink(PSCmdlet cmdlet, bool isRaw, bool stopsAtFailure, BatchProgressBar progress, BatchEvents events) : IResultSink
{
    /// <summary>What operations told of and did not complete, by the numbers of their activities.</summary>
    private readonly Dictionary<int, ProgressRecord> _activities = [];

    public void Put(OperationResult result)
    {
        progress.Count(result);
        if (isRaw)
        {
            // The batch ends by an error that has those of its first failure; written here, they would end it before the results of others are out.
            WriteStreams(
                result.Outputs, result.Information, result.Debug, result.Verbose, result.Warning,
                stopsAtFailure && result.Status != OperationStatus.Succeeded ? [] : result.Error, result.Order);
        }
        else
        {
            cmdlet.WriteObject(result);
        }
    }

    public void PutEarly(IReadOnlyList<object?> output, StreamRecords streams) =>
        WriteStreams(output, streams.Information, streams.Debug, streams.Verbose, streams.Warnings, streams.Errors, streams.Order);

    public void PutProgress(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _activities.Remove(record.ActivityId);
        }
        else
        {
            _activities[record.ActivityId] = record;
        }

        cmdlet.WriteProgress(record);
    }

    public void Report(ErrorRecord error) => cmdlet.WriteError(error);

    public void Warn(string text) => cmdlet.WriteWarning(VisibleText.FromLines(text));

    public void Tick(OperationBatch<PSObject?, ScriptOutcome> batch)
    {
        events.Deliver();
        if (progress.IsDue(out ProgressRecord? record, batch))
        {
            cmdlet.WriteProgress(record);
        }
    }

    public void Close(BatchSummary summary)
    {
        events.Close();
        foreach (ProgressRecord left in _activities.Values)
        {
            // Its operation has ended, and did not say so.
            cmdlet.WriteProgress(new ProgressRecord(left.ActivityId, left.Activity, left.StatusDescription) { RecordType = ProgressRecordType.Completed });
        }

        if (progress.End() is { } record)
        {
            cmdlet.WriteProgress(record);
        }

        // Raw, the errors themselves have been written.
        if (!isRaw && !(stopsAtFailure && summary.HasFailures) && summary.Describe() is { } said)
        {
            cmdlet.WriteWarning(VisibleText.FromLines(said));
        }
    }

    // With the position and the command that it had: WriteError would make it one of this cmdlet's own.
    private void Write(ErrorRecord record) => new PSStreamObject(PSStreamObjectType.Error, record).WriteStreamObject(cmdlet, overrideInquire: false);

    // In the order in which the operation wrote, as far as that is known; then what is left.
    private void WriteStreams(
        IEnumerable<object?> outputs,
        IReadOnlyList<InformationRecord> information,
        IReadOnlyList<DebugRecord> debug,
        IReadOnlyList<VerboseRecord> verbose,
        IReadOnlyList<WarningRecord> warnings,
        IReadOnlyList<ErrorRecord> errors,
        IReadOnlyList<(StreamKind Stream, int Count)>? order)
    {
        if (order is null && information.Count + debug.Count + verbose.Count + warnings.Count + errors.Count == 0)
        {
            foreach (object? put in outputs)
            {
                cmdlet.WriteObject(put);
            }

            return;
        }

        using IEnumerator<object?> output = outputs.GetEnumerator();
        using IEnumerator<InformationRecord> informed = information.GetEnumerator();
        using IEnumerator<DebugRecord> debugged = debug.GetEnumerator();
        using IEnumerator<VerboseRecord> told = verbose.GetEnumerator();
        using IEnumerator<WarningRecord> warned = warnings.GetEnumerator();
        using IEnumerator<ErrorRecord> failed = errors.GetEnumerator();
        foreach ((StreamKind stream, int count) in (order ?? []).Concat(WriteOrder.Rest))
        {
            bool isWritten = true;
            for (int i = 0; i < count && isWritten; i++)
            {
                isWritten = stream switch
                {
                    StreamKind.Output => WriteNext(output, cmdlet.WriteObject),
                    StreamKind.Error => WriteNext(failed, Write),
                    StreamKind.Warning => WriteNext(warned, record => cmdlet.WriteWarning(record.Message)),
                    StreamKind.Verbose => WriteNext(told, record => cmdlet.WriteVerbose(record.Message)),
                    StreamKind.Debug => WriteNext(debugged, record => cmdlet.WriteDebug(record.Message)),
                    _ => WriteNext(informed, cmdlet.WriteInformation),
                };
            }
        }
    }

    private static bool WriteNext<T>(IEnumerator<T> records, Action<T> write)
    {
        if (!records.MoveNext())
        {
            return false;
        }

        write(records.Current);
        return true;
    }
}
