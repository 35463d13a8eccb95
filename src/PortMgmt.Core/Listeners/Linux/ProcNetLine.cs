using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>One line of /proc/net/tcp and its like: <c>sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …</c></summary>
internal static class ProcNetLine
{
    private const int FieldsBeforeInode = 5;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end; the headline is no socket.</param>
    /// <param name="table">The table that it is of.</param>
    /// <param name="port">Only this port; 0 for all.</param>
    /// <param name="found">Gets the socket; null when it need not be known.</param>
    /// <returns>Whether it is a listening socket of that port.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, SocketTable table, int port, List<ListeningSocket>? found)
    {
        NextField(ref line);
        ReadOnlySpan<byte> local = NextField(ref line);
        NextField(ref line);
        int colon = local.IndexOf((byte)':');
        if (colon < 0
            || !TryReadHex(local[(colon + 1)..], out uint localPort)
            || localPort == 0
            || (port != 0 && localPort != port)
            || !TryReadHex(NextField(ref line), out uint state)
            || state != table.ListeningState)
        {
            return false;
        }

        Span<byte> address = stackalloc byte[table.IsIPv6 ? 16 : 4];
        for (int i = 0; i < FieldsBeforeInode; i++)
        {
            NextField(ref line);
        }

        if (!TryReadAddress(local[..colon], address)
            || !Utf8Parser.TryParse(NextField(ref line), out uint inode, out _))
        {
            return false;
        }

        found?.Add(new(table.Protocol, (int)localPort, ListenerAddress.From(address), inode));
        return true;
    }

    private static ReadOnlySpan<byte> NextField(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    /// <summary>Each 32-bit word of the address is printed as a number of the machine's own byte order.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> digits, Span<byte> address)
    {
        if (digits.Length != 2 * address.Length)
        {
            return false;
        }

        for (int i = 0; i < address.Length; i += sizeof(uint))
        {
            if (!TryReadHex(digits.Slice(2 * i, 2 * sizeof(uint)), out uint word))
            {
                return false;
            }

            MemoryMarshal.Write(address[i..], word);
        }

        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
