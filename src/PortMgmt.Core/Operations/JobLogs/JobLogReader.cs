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
            if (!line.Span.Trim(" \r\t"u8).IsEmpty && ReadKeyOfSuccess(line, path, number) is { } key)
            {
                succeeded.Add(key);
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

    private static string? ReadKeyOfSuccess(ReadOnlyMemory<byte> line, string path, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            string? status = document.RootElement.GetProperty(ResultNames.Status).GetString();
            string? key = document.RootElement.GetProperty(ResultNames.Key).GetString();
            return status == ResultNames.Of(OperationStatus.Succeeded) ? key : null;
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
