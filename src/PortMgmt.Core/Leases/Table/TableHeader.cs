using System.Globalization;
using System.Text;
using PortMgmt.Platform;

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

    private static ReadOnlySpan<byte> Version => "1 "u8;

    public static void Write(Span<byte> header, string instanceId, DateTimeOffset now)
    {
        header[..TableLayout.HeaderLength].Fill((byte)' ');
        string line = string.Create(CultureInfo.InvariantCulture, $"portmgmt-leases 1 {instanceId} {HostName} {now.UtcDateTime:s}Z");
        Encoding.ASCII.GetBytes(line.AsSpan(0, Math.Min(line.Length, ChecksumStart)), header);
        Encoding.ASCII.GetBytes(Checksum(header), header[ChecksumStart..]);
        header[TableLayout.HeaderLength - 1] = (byte)'\n';
    }

    /// <summary>Refuses what is not a table of this version.</summary>
    /// <exception cref="TableDamageException">It is no table.</exception>
    /// <exception cref="NotSupportedException">It is a table of another version.</exception>
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

        if (!header[Product.Length..].StartsWith(Version))
        {
            throw new NotSupportedException("the table was made by another version of PortMgmt; use that version, or name another directory in PORTMGMT_REGISTRY");
        }
    }

    /// <summary>Whether a table of this host is of another boot, so that nothing in it can be alive.</summary>
    public static bool IsOfEarlierBoot(ReadOnlySpan<byte> header, string instanceId)
    {
        string[] field = Encoding.ASCII.GetString(header[..ChecksumStart]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return IsSound(header) && field.Length >= 4 && field[3] == HostName && IsAnother(BootOf(field[2]), BootOf(instanceId));
    }

    private static bool IsAnother(string boot, string own) => boot != own && boot != HostPlatform.UnknownBoot && own != HostPlatform.UnknownBoot;

    // An instance is a boot, and on Linux, after a dash, a network namespace.
    private static string BootOf(string instanceId) => instanceId.Split('-')[0];

    private static string HostName => Environment.MachineName.Replace(' ', '_');

    private static bool IsSound(ReadOnlySpan<byte> header)
    {
        Span<byte> expected = stackalloc byte[ChecksumLength];
        Encoding.ASCII.GetBytes(Checksum(header), expected);
        return header.Slice(ChecksumStart, ChecksumLength).SequenceEqual(expected);
    }

    private static string Checksum(ReadOnlySpan<byte> header) =>
        SlotCodec.Checksum32(header[..ChecksumStart]).ToString("x8", CultureInfo.InvariantCulture);
}
