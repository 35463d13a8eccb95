using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>The job log of a batch: leaves out what it has as succeeded, and notes the results of the rest. Thread-safe.</summary>
/// <param name="log">The file.</param>
/// <param name="resumes">Whether what it has as succeeded is left out, so that every operation needs to be recognised.</param>
internal sealed class BatchLog(JobLog log, bool resumes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly InputKeys _keys = new();

    /// <summary>The keys of operations that are under way, and which input of the batch they are.</summary>
    private readonly Dictionary<Operation<PSObject?>, (string? Key, long Number)> _underWay = [];

    private long _inputs;
    private bool _isNoticeTaken;

    /// <summary>How many operations were left out because the log has them as succeeded.</summary>
    public int Skipped { get; private set; }

    /// <summary>What of the first input without a key no later process would know again; null where all have one.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The log has operations as succeeded, and none of them came in.</summary>
    public bool IsOfOthers => Skipped == 0 && log.Succeeded > 0;

    /// <summary>The file's whole path.</summary>
    public string Path => log.Path;

    /// <summary>Whether the operation is to run; if so, its result is expected.</summary>
    /// <exception cref="OperationException">The batch resumes, and the operation cannot be recognised.</exception>
    public bool Expects(Operation<PSObject?> operation)
    {
        _inputs++;
        string? key = _keys.TryMake(operation, out string? obstacle);
        if (key is null)
        {
            Obstacle ??= obstacle;
            RequireKey(operation, obstacle);
        }
        else if (log.HasSucceeded(key))
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
                _underWay.Remove(operation, out (string? Key, long Number) known);
                log.Add(JobLogEntry.From(result, operation, known.Key, known.Number) with
                {
                    ExitCode = result.Output?.ExitCode,
                    HadErrors = result.Error is not null || result.Output?.Errors.Count > 0,
                });
            }

            log.Flush();
        }
    }

    /// <summary>What happened to the file by others' hands: once, if anything did.</summary>
    public bool TryTakeNotice([NotNullWhen(true)] out string? notice)
    {
        lock (_lock)
        {
            notice = _isNoticeTaken ? null : log.Notice;
            _isNoticeTaken |= notice is not null;
            return notice is not null;
        }
    }

    public void Dispose() => log.Dispose();

    private void RequireKey(Operation<PSObject?> operation, string? obstacle)
    {
        if (resumes)
        {
            throw new OperationException(
                OperationErrorCode.InputNotIdentifiable,
                $"The input '{InputText.Of(operation.Input)}' is or holds {obstacle}, by which no later process knows it again, so nothing was run: give -Id, the name of a property or a script block, to say what each input is known by.");
        }
    }
}
