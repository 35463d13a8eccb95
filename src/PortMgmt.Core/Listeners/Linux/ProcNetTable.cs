using System.Buffers;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Reads sockets from the text in /proc/net (proc_net_tcp in the kernel's documentation): slow, but there in containers
/// whose seccomp profile forbids sock_diag, and in sandboxes that do not have it.
/// </summary>
internal static class ProcNetTable
{
    private const int BufferLength = 64 * 1024;

    /// <summary>Looks for sockets in a table. A system without IPv6 has none there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="port">Only this port; 0 for all.</param>
    /// <param name="anyState">Whether in any state; else only those that listen.</param>
    /// <param name="found">Gets the sockets; null to stop at the first.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.ListenersUnavailable"/>: the table cannot be read.</exception>
    public static bool Query(SocketTable table, int port, bool anyState, List<InetSocket>? found)
    {
        try
        {
            using FileStream text = new(table.Path, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite });
            return Read(text, table, port, anyState, found);
        }
        catch (FileNotFoundException) when (table.IsIPv6)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PortRegistryException(PortRegistryErrorCode.ListenersUnavailable, $"Who listens cannot be told: the kernel refuses sock_diag to this process, and {table.Path} cannot be read ({e.Message}). Mount /proc or permit NETLINK_SOCK_DIAG.", e);
        }
    }

    /// <summary>Looks for sockets in the text of a table.</summary>
    /// <param name="text">The text, headline first.</param>
    /// <param name="table">The table that it is of.</param>
    /// <param name="port">Only this port; 0 for all.</param>
    /// <param name="anyState">Whether in any state; else only those that listen.</param>
    /// <param name="found">Gets the sockets; null to stop at the first.</param>
    /// <returns>Whether there was one.</returns>
    internal static bool Read(Stream text, SocketTable table, int port, bool anyState, List<InetSocket>? found)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            bool any = false;
            int kept = 0;
            int length;
            while ((length = text.Read(buffer, kept, buffer.Length - kept)) > 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, kept + length);
                int end;
                while ((end = rest.IndexOf((byte)'\n')) >= 0)
                {
                    any |= ProcNetLine.TryRead(rest[..end], table, port, anyState, found);
                    if (any && found is null)
                    {
                        return true;
                    }

                    rest = rest[(end + 1)..];
                }

                rest.CopyTo(buffer);
                kept = rest.Length;
            }

            return any;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
