using System.Text;
using System.Text.Json;
using PortMgmt.Operations.Results;

namespace PortMgmt.Operations.JobLogs;

/// <summary>Reads what a job log has.</summary>
internal static class JobLogReader
{
    private const int MaxLineLength = 64 << 20;
    private const int MaxQuoteLength = 40;

    /// <summary>
    /// Reads the keys of the operations that succeeded, and leaves the file at the end of its last whole line: whoever wrote it may have
    /// been killed in the middle of one, and that operation runs again.
    /// </summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="path">Its path as it was given.</param>
    /// <param name="command">The command that goes on with it: what succeeded by another is refused; null for any.</param>
    /// <exception cref="OperationException">A line is none of a job log, or of another command; the file is as it was.</exception>
    public static HashSet<string> ReadSucceeded(FileStream file, string path, string? command = null)
    {
        HashSet<string> succeeded = new(StringComparer.Ordinal);
        long whole = 0;
        int number = 0;
        foreach (ReadOnlyMemory<byte> line in Lines(file))
        {
            number++;
            whole += line.Length + 1;
            if (!line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                JobLogLine read = Read(line, path, number);
                RequireCommand(read, command, path, number);
                Apply(read, succeeded, path, number);
            }
        }

        file.SetLength(whole);
        file.Position = whole;
        return succeeded;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(FileStream file)
    {
        using var line = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            int start = 0;
            for (int end = Array.IndexOf(buffer, (byte)'\n', 0, read); end >= 0; end = Array.IndexOf(buffer, (byte)'\n', start, read - start))
            {
                line.Write(buffer, start, end - start);
                yield return line.ToArray();
                line.SetLength(0);
                start = end + 1;
            }

            line.Write(buffer, start, read - start);

            // No log has such a line: the rest of it is not worth the memory, and what there is of it will not be read as one.
            if (line.Length > MaxLineLength)
            {
                yield return line.ToArray();
            }
        }
    }

    /// <summary>Of several results of one operation the last counts; one that did not run to its end says nothing.</summary>
    private static void Apply(JobLogLine result, HashSet<string> succeeded, string path, int number)
    {
        bool isSuccess = result.Status == ResultNames.Of(OperationStatus.Succeeded);
        if (result.Key is null ? isSuccess : !JobLogKeys.IsCurrent(result.Key))
        {
            throw Unrecognizable(result.Key, path, number);
        }

        if (isSuccess)
        {
            succeeded.Add(result.Key!);
        }
        else if (result.Key is not null && (result.Status == ResultNames.Of(OperationStatus.Failed) || result.Status == ResultNames.Of(OperationStatus.TimedOut)))
        {
            succeeded.Remove(result.Key);
        }
    }

    /// <summary>What another command did is not done: to leave it out would be silently wrong.</summary>
    private static void RequireCommand(JobLogLine result, string? command, string path, int number)
    {
        if (command is not null && result.Command is not null && result.Command != command && result.Status == ResultNames.Of(OperationStatus.Succeeded))
        {
            throw new OperationException(
                OperationErrorCode.JobLogUnusable,
                $"The job log '{path}' cannot be resumed: line {number} succeeded by another command. Give the command that the log was begun with; or --any-command, if this one does the same, such as after a correction; or begin a new log. The file is as it was.");
        }
    }

    /// <summary>What succeeded cannot be told, and is not to run again unasked.</summary>
    private static OperationException Unrecognizable(string? key, string path, int number)
    {
        string reason = key is null
            ? "has no key, since its input had nothing by which a later process knows it again: begin a new log with an id for each operation"
            : "has a key of another version, so that what succeeded cannot be recognised: resume with the version that wrote it, or begin a new log, and all of it runs again";
        return new OperationException(OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be resumed: line {number} {reason}. The file is as it was.");
    }

    private static JobLogLine Read(ReadOnlyMemory<byte> bytes, string path, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement line = document.RootElement;
            return new JobLogLine(
                line.GetProperty(ResultNames.Key).GetString(),
                line.GetProperty(ResultNames.Status).GetString(),
                line.TryGetProperty(ResultNames.Command, out JsonElement command) ? command.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            string quote = Encoding.UTF8.GetString(bytes.Span[..Math.Min(MaxQuoteLength, bytes.Length)]);
            throw new OperationException(
                OperationErrorCode.JobLogUnusable,
                $"Line {number} of the job log '{path}' is damaged ('{quote}'). Remove that line, and what it stood for runs again; or do not resume, to begin a new log.",
                e);
        }
    }
}
