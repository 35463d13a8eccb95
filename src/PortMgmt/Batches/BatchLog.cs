using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>The job log of a batch: leaves out what it has as succeeded, and notes the results of the rest. Thread-safe.</summary>
internal sealed class BatchLog(JobLog log) : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>The keys of operations that are under way, and which input of the batch they are.</summary>
    private readonly Dictionary<Operation<PSObject?>, (string Key, long Number)> _underWay = [];

    private long _inputs;

    /// <summary>How many operations were left out because the log has them as succeeded.</summary>
    public int Skipped { get; private set; }

    /// <summary>Whether the operation is to run; if so, its result is expected.</summary>
    public bool Expects(Operation<PSObject?> operation)
    {
        _inputs++;
        string key = InputHash.KeyOf(operation);
        if (log.HasSucceeded(key))
        {
            Skipped++;
            return false;
        }

        lock (_lock)
        {
            _underWay.Add(operation, (key, _inputs));
        }

        return true;
    }

    /// <summary>Notes how an operation, or each of a hand-off, ended.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public void Write(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        lock (_lock)
        {
            foreach (Operation<PSObject?> operation in result.Operations)
            {
                _underWay.Remove(operation, out (string Key, long Number) known);
                log.Add(JobLogEntry.From(result, operation, known.Key, known.Number) with
                {
                    ExitCode = result.Output?.ExitCode,
                    HadErrors = result.Error is not null || result.Output?.Errors.Count > 0,
                });
            }

            log.Flush();
        }
    }

    public void Dispose() => log.Dispose();
}
