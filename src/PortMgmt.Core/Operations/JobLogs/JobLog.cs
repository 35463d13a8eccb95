using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PortMgmt.Operations.JobLogs;

/// <summary>
/// A file with one line of JSON for each result, so that a batch that was cut off can be resumed. It holds neither inputs nor outputs. The
/// module and the command line write the same lines, and each resumes what the other has begun.
/// </summary>
/// <remarks>Not thread-safe. One batch at a time has a log open for writing; everybody may read it meanwhile.</remarks>
public sealed class JobLog : IDisposable
{
    private readonly JobLogFile _file;
    private readonly HashSet<string> _succeeded;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _json;

    private JobLog(JobLogFile file, HashSet<string> succeeded)
    {
        _file = file;
        _succeeded = succeeded;
        _json = new Utf8JsonWriter(_lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The file's whole path.</summary>
    public string Path => _file.Stream.Name;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has and leave out what succeeded; else it begins empty.</param>
    /// <exception cref="OperationException">The file cannot be opened, or it is no job log.</exception>
    public static JobLog Open(string path, bool resume)
    {
        JobLogFile? file = null;
        try
        {
            file = JobLogFile.Open(path, resume);
            return new JobLog(file, resume ? JobLogReader.ReadSucceeded(file.Stream, path) : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationException)
        {
            file?.Dispose();
            throw e as OperationException ?? new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be opened: {e.Message.TrimEnd('.')}. Name a file that can be read and written.", e);
        }
    }

    /// <summary>Whether the log has the operation as succeeded.</summary>
    /// <param name="key">The operation's key: see <see cref="JobLogKey"/>.</param>
    public bool HasSucceeded(string key) => _succeeded.Contains(key);

    /// <summary>Notes a result; <see cref="Flush"/> writes it.</summary>
    /// <param name="entry">The result.</param>
    public void Add(in JobLogEntry entry)
    {
        _json.WriteStartObject();
        if (entry.Id is { } id)
        {
            _json.WriteString(JobLogFields.Id, id);
        }
        else
        {
            _json.WriteNumber(JobLogFields.Id, entry.Number);
        }

        _json.WriteString(JobLogFields.Key, entry.Key);
        _json.WriteString(JobLogFields.Status, JobLogFields.NameOf(entry.Status));
        if (entry.ExitCode is { } exitCode)
        {
            _json.WriteNumber(JobLogFields.ExitCode, exitCode);
        }
        else
        {
            _json.WriteNull(JobLogFields.ExitCode);
        }

        _json.WriteString(JobLogFields.Error, entry.Error);
        _json.WriteNumber(JobLogFields.DurationMs, Math.Round(entry.Duration.TotalMilliseconds, 3));
        _json.WriteNumber(JobLogFields.QueueMs, Math.Round(entry.QueueTime.TotalMilliseconds, 3));
        _json.WriteNumber(JobLogFields.Attempts, entry.Attempts);
        _json.WriteBoolean(JobLogFields.Cached, entry.FromCache);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
    }

    /// <summary>Writes what was noted, in one piece.</summary>
    /// <exception cref="OperationException">It cannot be written.</exception>
    public void Flush()
    {
        try
        {
            _file.Stream.Write(_lines.WrittenSpan);
            _file.Stream.Flush();
        }
        catch (IOException e)
        {
            throw new OperationException(
                OperationErrorCode.JobLogUnusable, $"The job log '{Path}' cannot be written: {e.Message.TrimEnd('.')}. Make room, then resume the batch.", e);
        }

        _lines.ResetWrittenCount();
    }

    /// <summary>Closes the file. What was not flushed is not written.</summary>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
