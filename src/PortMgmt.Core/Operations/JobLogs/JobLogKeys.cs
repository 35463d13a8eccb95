using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PortMgmt.Text;

namespace PortMgmt.Operations.JobLogs;

/// <summary>
/// Makes the keys by which a job log knows the operations of one batch, from one process to the next. They begin with the version of
/// their form, so that a log of another one is never read as if nothing in it had run.
/// </summary>
/// <remarks>Not thread-safe: equal inputs are counted in the order in which their keys are made.</remarks>
internal sealed class JobLogKeys
{
    private const string Version = "2:";

    private readonly Dictionary<UInt128, int> _texts = [];
    private readonly Dictionary<UInt128, int> _values = [];

    /// <summary>Whether a key has the present form.</summary>
    /// <param name="key">A key that was read from a log.</param>
    public static bool IsCurrent(string key) => key.StartsWith(Version, StringComparison.Ordinal);

    /// <summary>The key of an operation with an id: equal ids of one type are one operation, however often they come.</summary>
    /// <param name="id">The id.</param>
    /// <param name="type">The operation's type; null for none.</param>
    public static string OfId(string id, string? type = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        string name = type is null
            ? "id:" + id
            : string.Create(CultureInfo.InvariantCulture, $"type:{type.Length}:{type}:id:{id}");

        // Half a surrogate pair cannot be written: what a log has of it would be another id.
        return Surrogates.ArePaired(name) ? Version + name : Version + "id-sha256:" + ToText(SHA256.HashData(MemoryMarshal.AsBytes(name.AsSpan())));
    }

    /// <summary>What tells a command from others, without its text, which may hold secrets.</summary>
    /// <param name="arguments">The program and its arguments, as they were given.</param>
    public static string OfCommand(IEnumerable<string> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string argument in arguments)
        {
            hash.AppendData(BitConverter.GetBytes((long)argument.Length));
            hash.AppendData(MemoryMarshal.AsBytes(argument.AsSpan()));
        }

        return "sha256:" + ToText(hash.GetHashAndReset());
    }

    /// <summary>The key of an operation whose input is a text, by its SHA-256; the n-th of equal texts is an operation of its own.</summary>
    /// <param name="text">The text in UTF-8, or whatever bytes it is of.</param>
    public string OfText(ReadOnlySpan<byte> text) => Number("sha256:", text, _texts);

    /// <summary>The key of an operation with any other input, which is not that of a text with the same bytes.</summary>
    /// <param name="value">Bytes that say all of the input.</param>
    public string OfValue(ReadOnlySpan<byte> value) => Number("value-sha256:", value, _values);

    private static string Number(string kind, ReadOnlySpan<byte> input, Dictionary<UInt128, int> counts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, BinaryPrimitives.ReadUInt128LittleEndian(hash), out _);
        count++;
        string key = Version + kind + ToText(hash);
        return count == 1 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}#{count}");
    }

    private static string ToText(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);
}
