using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Batch;

/// <summary>
/// A file with one line of JSON for each result, so that a batch that was cut off can be resumed. Its lines are written with the
/// results that they stand for, after them: what was cut off in between runs again, and nothing that was never seen counts as done.
/// </summary>
internal sealed class JobLog : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _json;
    private readonly IReadOnlySet<string> _succeeded;

    private JobLog(FileStream file, IReadOnlySet<string> succeeded)
    {
        _file = file;
        _succeeded = succeeded;
        _json = new Utf8JsonWriter(_lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The file's whole path.</summary>
    public string Path => _file.Name;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has and leave out what succeeded; else it begins empty.</param>
    /// <exception cref="UsageException">It cannot be opened, or it is none.</exception>
    public static JobLog Open(string path, bool resume)
    {
        try
        {
            var file = new FileStream(path, resume ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            return new JobLog(file, resume ? JobLogReader.ReadSucceeded(file, path) : new HashSet<string>());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The job log '{path}' cannot be opened: {failure.Message} Name a file that can be read and written.");
        }
    }

    /// <summary>Whether the log has the operation as succeeded.</summary>
    public bool HasSucceeded(string key) => _succeeded.Contains(key);

    /// <summary>Notes a result; <see cref="Flush"/> writes it.</summary>
    public void Add(in OperationResult<BatchOperation, ChildResult> result)
    {
        _json.WriteStartObject();
        ResultJson.WriteId(_json, result);
        _json.WriteString(JobLogFields.Key, result.Input.Key);
        _json.WriteString(JobLogFields.Status, ResultJson.StatusName(result.Status));
        LeaseJson.WriteNumber(_json, "exitCode", result.Output?.ExitCode);
        _json.WriteString("error", result.Output?.Problem ?? result.Error?.Message);
        ResultJson.WriteTimes(_json, result);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
    }

    /// <summary>Writes what was noted, in one piece.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Flush()
    {
        _file.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
