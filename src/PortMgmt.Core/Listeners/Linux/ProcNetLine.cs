using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PortMgmt.Listeners.Linux;

/// <summary>One line of /proc/net/tcp and its like: <c>sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …</c></summary>
internal static class ProcNetLine
{
    private const int FieldsBeforeUser = 3;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end; the headline is no socket.</param>
    /// <param name="table">The table that it is of.</param>
    /// <param name="port">Only this port; 0 for all.</param>
    /// <param name="anyState">Whether in any state; else only one that listens.</param>
    /// <param name="found">Gets the socket; null when it need not be known.</param>
    /// <returns>Whether it is such a socket.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, SocketTable table, int port, bool anyState, List<InetSocket>? found)
    {
        NextField(ref line);
        ReadOnlySpan<byte> local = NextField(ref line);
        ReadOnlySpan<byte> remote = NextField(ref line);
        if (!TryReadPort(local, out int localPort)
            || localPort == 0
            || (port != 0 && localPort != port)
            || !TryReadHex(NextField(ref line), out uint state)
            || (!anyState && state != table.ListeningState))
        {
            return false;
        }

        for (int i = 0; i < FieldsBeforeUser; i++)
        {
            NextField(ref line);
        }

        ReadOnlySpan<byte> user = NextField(ref line);
        NextField(ref line);
        Span<byte> address = stackalloc byte[table.IsIPv6 ? 16 : 4];
        Span<byte> peer = stackalloc byte[address.Length];
        if (!TryReadAddress(local, address)
            || !TryReadAddress(remote, peer)
            || !TryReadPort(remote, out int peerPort)
            || !Utf8Parser.TryParse(user, out uint userId, out _)
            || !Utf8Parser.TryParse(NextField(ref line), out uint inode, out _))
        {
            return false;
        }

        found?.Add(new(table.Protocol, localPort, ListenerAddress.From(address), inode)
        {
            Use = table.UseOf(state, inode),
            Peer = ListenerAddress.PeerFrom(peer, peerPort),
            UserId = userId,
        });
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

    /// <summary>The port behind the colon is printed as a number.</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> endPoint, out int port)
    {
        int colon = endPoint.IndexOf((byte)':');
        bool valid = TryReadHex(colon < 0 ? default : endPoint[(colon + 1)..], out uint number) && number <= ushort.MaxValue;
        port = (int)number;
        return valid;
    }

    /// <summary>Each 32-bit word of the address before the colon is printed as a number of the machine's own byte order.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> endPoint, Span<byte> address)
    {
        int colon = endPoint.IndexOf((byte)':');
        if (colon != 2 * address.Length)
        {
            return false;
        }

        for (int i = 0; i < address.Length; i += sizeof(uint))
        {
            if (!TryReadHex(endPoint.Slice(2 * i, 2 * sizeof(uint)), out uint word))
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
