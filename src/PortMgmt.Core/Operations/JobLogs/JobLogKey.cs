using System.Security.Cryptography;
using System.Text;

namespace PortMgmt.Operations.JobLogs;

/// <summary>What a job log knows operations by, from one process to the next. Thread-safe.</summary>
internal static class JobLogKey
{
    /// <summary>The key of an operation with an id: the id, marked as such.</summary>
    /// <param name="id">The id.</param>
    public static string OfId(string id) => "id:" + id;

    /// <summary>The key of an operation whose input is a text: its SHA-256 in hexadecimal digits, so that two that differ never share it.</summary>
    /// <param name="text">The text in UTF-8.</param>
    public static string OfText(ReadOnlySpan<byte> text) => "sha256:" + Hash(text);

    /// <summary>The key of an operation with any other input, which is not that of a text with the same characters.</summary>
    /// <param name="value">A text that says all of the input.</param>
    public static string OfValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return "value-sha256:" + Hash(Encoding.UTF8.GetBytes(value));
    }

    private static string Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return Convert.ToHexStringLower(hash);
    }
}
