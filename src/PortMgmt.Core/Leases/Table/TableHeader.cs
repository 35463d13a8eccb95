using System.Globalization;
using System.Text;

namespace PortMgmt.Leases.Table;

/// <summary>
/// The table's first line: <c>portmgmt-leases VERSION INSTANCE HOST CREATED … crc\n</c>. Its form and its checksum are those of
/// every version, so that a table of another version is told from a damaged one.
/// </summary>
internal static class TableHeader
{
    private const int ChecksumStart = 240;
    private const int ChecksumLength = 8;

    private static ReadOnlySpan<byte> Product => "portmgmt-leases "u8;

    private static ReadOnlySpan<byte> Version => "2 "u8;

    private static ReadOnlySpan<byte> FirstVersion => "1 "u8;

    public static void Write(Span<byte> header, string instanceId, DateTimeOffset now)
    {
        header[..TableLayout.HeaderLength].Fill((byte)' ');
        string line = string.Create(CultureInfo.InvariantCulture, $"portmgmt-leases 2 {instanceId} {HostName} {now.UtcDateTime:s}Z");
        Encoding.ASCII.GetBytes(line.AsSpan(0, Math.Min(line.Length, ChecksumStart)), header);
        Encoding.ASCII.GetBytes(Checksum(header), header[ChecksumStart..]);
        header[TableLayout.HeaderLength - 1] = (byte)'\n';
    }

    /// <summary>Refuses what is not a table of this version.</summary>
    /// <exception cref="TableDamageException">It is no table.</exception>
    /// <exception cref="FirstVersionException">It is a table of version 1.</exception>
    /// <exception cref="NotSupportedException">It is a table of a later version.</exception>
    public static void Check(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Product))
        {
            throw new TableDamageException("the first line is not that of a lease table");
        }

        if (!IsSound(header))
        {
            throw new TableDamageException("the first line's checksum does not match");
        }

        ReadOnlySpan<byte> version = header[Product.Length..];
        if (version.StartsWith(FirstVersion))
        {
            throw new FirstVersionException();
        }

        if (!version.StartsWith(Version))
        {
            throw new NotSupportedException("the table was made by another version of PortMgmt; use that version, or name another directory in PORTMGMT_REGISTRY");
        }
    }

    /// <summary>What a header of any version says; null when it is not sound.</summary>
    public static TableOrigin? TryRead(ReadOnlySpan<byte> header)
    {
        if (header.Length < TableLayout.HeaderLength || !header.StartsWith(Product) || !IsSound(header))
        {
            return null;
        }

        string[] field = Encoding.ASCII.GetString(header[..ChecksumStart]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (field.Length < 3 || !int.TryParse(field[1], NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            return null;
        }

        // An instance is a boot, and on Linux, after a dash, a network namespace.
        string[] instance = field[2].Split('-', 2);
        return new TableOrigin(version, instance[0], instance.Length == 2 ? instance[1] : "", field.Length > 3 ? field[3] : "");
    }

    /// <summary>The host name, as headers have it.</summary>
    public static string HostName => Environment.MachineName.Replace(' ', '_');

    private static bool IsSound(ReadOnlySpan<byte> header)
    {
        Span<byte> expected = stackalloc byte[ChecksumLength];
        Encoding.ASCII.GetBytes(Checksum(header), expected);
        return header.Slice(ChecksumStart, ChecksumLength).SequenceEqual(expected);
    }

    private static string Checksum(ReadOnlySpan<byte> header) =>
        SlotCodec.Checksum32(header[..ChecksumStart]).ToString("x8", CultureInfo.InvariantCulture);
}
