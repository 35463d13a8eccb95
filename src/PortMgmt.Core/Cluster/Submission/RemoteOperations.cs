using System.Globalization;
using System.Security.Cryptography;

namespace PortMgmt.Cluster.Submission;

/// <summary>What all batches of clusters have in common.</summary>
internal static class RemoteOperations
{
    /// <summary>How many operations may be out at once, unless the caller has it otherwise: enough to keep many nodes busy.</summary>
    public const int DefaultWindow = 1000;

    private const int HashBytes = 6;

    /// <summary>
    /// An id for an operation that has none of its own: its place in the input and a hash of it. The same input gives the same ids when the
    /// batch is run again, and an input that changed is never taken for the old one.
    /// </summary>
    /// <param name="position">The place in the input, from 1.</param>
    /// <param name="input">The input as it is sent.</param>
    /// <returns>An id.</returns>
    public static string MakeId(long position, ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return string.Create(CultureInfo.InvariantCulture, $"#{position}.{Convert.ToHexStringLower(hash[..HashBytes])}");
    }
}
