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
    private readonly JobLogFile _file;
    private readonly HashSet<string> _succeeded;
    private readonly string? _command;
    private readonly JsonLines _lines = new();

    private JobLog(JobLogFile file, HashSet<string> succeeded, string? command)
    {
        _file = file;
        _command = command;
        _succeeded = succeeded;
    }

    /// <summary>The file's whole path.</summary>
    public string Path => _file.Stream.Name;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has and leave out what succeeded; else it begins empty.</param>
    /// <param name="command">What the operations do: see <see cref="JobLogKeys.OfCommand"/>; null where that is not kept.</param>
    /// <param name="anyCommand">Whether to leave out what succeeded by another command as well.</param>
    /// <exception cref="OperationException">The file cannot be opened, it is no job log, or one of another command.</exception>
    public static JobLog Open(string path, bool resume, string? command = null, bool anyCommand = false)
    {
        JobLogFile? file = null;
        try
        {
            file = JobLogFile.Open(path, resume);
            return new JobLog(file, resume ? JobLogReader.ReadSucceeded(file.Stream, path, anyCommand ? null : command) : [], command);
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

    /// <summary>Writes what was noted, in one piece.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public void Flush()
    {
        try
        {
            _lines.WriteTo(_file.Stream);
            _file.Stream.Flush();
        }
        catch (IOException e)
        {
            throw new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{Path}' cannot be written: {e.Message.TrimEnd('.')}. Make room, then resume the batch.", e);
        }
    }

    /// <summary>Closes the file. What was not flushed is not written.</summary>
    public void Dispose()
    {
        _lines.Dispose();
        _file.Dispose();
    }
}
