using PortMgmt.Operations.Results;
using PortMgmt.Text;

namespace PortMgmt.Operations.JobLogs;

/// <summary>
/// A file with one line of JSON for each result, so that a batch that was cut off can be resumed. It holds neither inputs nor outputs. The
/// module and the command line write the same lines, and each resumes what the other has begun.
/// </summary>
/// <remarks>Not thread-safe. One batch at a time has a log open for writing; everybody may read it meanwhile.</remarks>
internal sealed class JobLog : IDisposable
{
    /// <summary>How often a batch looks whether its log is still there: what is noted in vain until then is little.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly JobLogFile _file;
    private readonly HashSet<string> _succeeded;
    private readonly string? _command;
    private readonly TimeProvider _time;
    private readonly JsonLines _lines = new();

    /// <summary>When it was last looked at, as a timestamp; null where it never was.</summary>
    private long? _checkedAt;

    private JobLog(JobLogFile file, HashSet<string> succeeded, string? command, TimeProvider time)
    {
        _file = file;
        _command = command;
        _succeeded = succeeded;
        _time = time;
    }

    /// <summary>The file's whole path.</summary>
    public string Path => _file.Stream.Name;

    /// <summary>What happened to the file by others' hands, for whoever runs the batch; null for nothing. The first is enough.</summary>
    public string? Notice { get; private set; }

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has and leave out what succeeded; else it begins empty.</param>
    /// <param name="command">What the operations do: see <see cref="JobLogKeys.OfCommand"/>; null where that is not kept.</param>
    /// <param name="anyCommand">Whether to leave out what succeeded by another command as well.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <exception cref="OperationException">The file cannot be opened, it is no job log, or one of another command.</exception>
    public static JobLog Open(string path, bool resume, string? command = null, bool anyCommand = false, TimeProvider? time = null)
    {
        JobLogFile? file = null;
        try
        {
            file = JobLogFile.Open(path, resume);
            HashSet<string> succeeded = resume ? JobLogReader.ReadSucceeded(file.Stream, path, anyCommand ? null : command) : [];
            return new JobLog(file, succeeded, command, time ?? TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationException)
        {
            file?.Dispose();
            throw e as OperationException ?? new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be opened: {e.Message.TrimEnd('.')}. Name a file that can be read and written.", e);
        }
    }

    /// <summary>How many operations it had as succeeded when it was opened.</summary>
    public int Succeeded => _succeeded.Count;

    /// <summary>Whether the log has the operation as succeeded.</summary>
    /// <param name="key">The operation's key: see <see cref="JobLogKeys"/>.</param>
    public bool HasSucceeded(string key) => _succeeded.Contains(key);

    /// <summary>Notes a result; <see cref="Flush"/> writes it.</summary>
    /// <param name="entry">The result.</param>
    public void Add(in JobLogEntry entry)
    {
        ResultJson.Write(_lines.Begin(), entry.ToRecord() with { Command = _command }, ResultFields.Key | ResultFields.Error);
        _lines.End();
    }

    /// <summary>Writes what was noted, in one piece, and looks now and then whether the file is still there.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public void Flush()
    {
        if (_lines.Length == 0)
        {
            return;
        }

        try
        {
            _lines.WriteTo(_file.Stream);
            _file.Stream.Flush();
        }
        catch (IOException e)
        {
            throw new OperationException(
                OperationErrorCode.JobLogNotWritten, $"The job log '{Path}' cannot be written: {e.Message.TrimEnd('.')}. Make room, then resume the batch.", e);
        }

        if (_checkedAt is not { } last || _time.GetElapsedTime(last) >= CheckInterval)
        {
            Check();
        }
    }

    /// <summary>Looks whether the file is still there, and writes it anew where it is not.</summary>
    public void Check()
    {
        _checkedAt = _time.GetTimestamp();
        string? notice = _file.Check();
        Notice ??= notice;
    }

    /// <summary>Closes the file, which is there then, whoever took it away. What was not flushed is not written.</summary>
    public void Dispose()
    {
        Check();
        _lines.Dispose();
        _file.Dispose();
    }
}
