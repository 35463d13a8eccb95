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
    /// <exception cref="OperationException">A line is none of a job log; the file is as it was.</exception>
    public static HashSet<string> ReadSucceeded(FileStream file, string path)
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
                Apply(Read(line, path, number), succeeded, path, number);
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
    private static void Apply((string? Key, string? Status) result, HashSet<string> succeeded, string path, int number)
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

    /// <summary>What succeeded cannot be told, and is not to run again unasked.</summary>
    private static OperationException Unrecognizable(string? key, string path, int number)
    {
        string reason = key is null
            ? "has no key, since its input had nothing by which a later process knows it again: begin a new log with an id for each operation"
            : "has a key of another version, so that what succeeded cannot be recognised: resume with the version that wrote it, or begin a new log, and all of it runs again";
        return new OperationException(OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be resumed: line {number} {reason}. The file is as it was.");
    }

    private static (string? Key, string? Status) Read(ReadOnlyMemory<byte> line, string path, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return (document.RootElement.GetProperty(ResultNames.Key).GetString(), document.RootElement.GetProperty(ResultNames.Status).GetString());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            string quote = Encoding.UTF8.GetString(line.Span[..Math.Min(MaxQuoteLength, line.Length)]);
            throw new OperationException(
                OperationErrorCode.JobLogUnusable,
                $"Line {number} of the job log '{path}' is damaged ('{quote}'). Remove that line, and what it stood for runs again; or do not resume, to begin a new log.",
                e);
        }
    }
}
