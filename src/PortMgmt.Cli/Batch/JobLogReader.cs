using System.Text;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Batch;

/// <summary>Reads what a job log has.</summary>
internal static class JobLogReader
{
    private const int LongestLine = 64 << 20;
    private const int LongestQuote = 40;

    private static readonly string[] Names = [JobLogFields.Key, JobLogFields.Status];

    /// <summary>
    /// Reads what succeeded, and leaves the file at the end of its last whole line: whoever wrote it may have been killed in the middle
    /// of one, and that operation runs again.
    /// </summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="path">Its path as it was given.</param>
    /// <exception cref="UsageException">A line is none of a job log.</exception>
    public static IReadOnlySet<string> ReadSucceeded(FileStream file, string path)
    {
        var succeeded = new HashSet<string>(StringComparer.Ordinal);
        var lines = new LineReader(file, $"the job log '{path}'", LongestLine);
        long whole = 0;
        while (lines.TryRead(out ReadOnlySpan<byte> line) && lines.IsWhole)
        {
            whole += line.Length + 1;
            if (ReadKeyOfSuccess(line, path, lines.Number) is { } key)
            {
                succeeded.Add(key);
            }
        }

        file.SetLength(whole);
        file.Position = whole;
        return succeeded;
    }

    private static string? ReadKeyOfSuccess(ReadOnlySpan<byte> line, string path, long number)
    {
        try
        {
            if (JsonLine.TryRead(line, Names) is [{ } key, { } status])
            {
                return Ascii.EqualsIgnoreCase(status, "succeeded"u8) ? Encoding.UTF8.GetString(key) : null;
            }
        }
        catch (InvalidOperationException)
        {
            // A text that is none: damage like any other.
        }

        string quote = Encoding.UTF8.GetString(line[..Math.Min(LongestQuote, line.Length)]);
        throw new UsageException(
            $"Line {number} of the job log '{path}' is damaged ('{quote}'). Remove that line, and what it stood for runs again; "
            + "or leave --resume out to begin a new log.");
    }
}
