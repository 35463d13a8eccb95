using System.Security.Cryptography;

namespace PortMgmt.Cli.Batch;

/// <summary>What the job log knows an operation by that has no id.</summary>
internal static class InputHash
{
    /// <summary>The SHA-256 of the line, in hexadecimal digits: two operations that differ never share it.</summary>
    public static string Of(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return Convert.ToHexStringLower(hash);
    }
}
