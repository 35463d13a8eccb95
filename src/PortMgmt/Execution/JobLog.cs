using System.Management.Automation;
using System.Text.Json;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// A file with one line of JSON for each result, so that a batch that was cut off can be resumed. An operation is known by its id or,
/// where it has none, by a hash of its input. Thread-safe.
/// </summary>
internal sealed class JobLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<string> _succeeded;

    /// <summary>The keys of operations that are under way.</summary>
    private readonly Dictionary<Operation<PSObject?>, string> _keys = [];

    private JobLog(FileStream file, HashSet<string> succeeded)
    {
        _file = file;
        _succeeded = succeeded;
        _json = new Utf8JsonWriter(file);
    }

    /// <summary>How many operations were left out because the log has them as succeeded.</summary>
    public int Skipped { get; private set; }

    /// <summary>Opens a log for writing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has and leave out what succeeded; else it starts empty.</param>
    /// <exception cref="OperationException">The file cannot be opened, or it is no job log.</exception>
    public static JobLog Open(string path, bool resume)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, resume ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            return new JobLog(file, resume ? JobLogReader.ReadSucceeded(file, path) : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationException)
        {
            file?.Dispose();
            throw e as OperationException ?? new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be opened: {e.Message} Name a file that can be read and written.", e);
        }
    }

    /// <summary>Whether the operation is to run; if so, its result is expected.</summary>
    public bool Expects(Operation<PSObject?> operation)
    {
        string key = InputHash.KeyOf(operation);
        if (_succeeded.Contains(key))
        {
            Skipped++;
            return false;
        }
        lock (_lock)
        {
            _keys.Add(operation, key);
        }
        return true;
    }

    /// <summary>Notes how an operation, or each of a hand-off, ended.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public void Write(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        try
        {
            lock (_lock)
            {
                foreach (Operation<PSObject?> operation in result.Operations)
                {
                    _keys.Remove(operation, out string? key);
                    WriteLine(result, operation, key);
                }
                _file.Flush();
            }
        }
        catch (IOException e)
        {
            throw new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{_file.Name}' cannot be written: {e.Message} Make room, then resume the batch with -Resume.", e);
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private void WriteLine(in OperationResult<PSObject?, ScriptOutcome> result, Operation<PSObject?> operation, string? key)
    {
        _json.WriteStartObject();
        _json.WriteString(JobLogFields.Id, operation.Id);
        _json.WriteString(JobLogFields.Key, key);
        _json.WriteString(JobLogFields.Status, result.Status.ToString());
        _json.WriteString(JobLogFields.Error, result.Error?.Message);
        _json.WriteNumber(JobLogFields.DurationMs, Math.Round(result.Duration.TotalMilliseconds, 3));
        _json.WriteNumber(JobLogFields.QueueMs, Math.Round(result.QueueTime.TotalMilliseconds, 3));
        _json.WriteNumber(JobLogFields.Attempts, result.Attempts);
        _json.WriteBoolean(JobLogFields.Cached, result.FromCache);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
    }
}
