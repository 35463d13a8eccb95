using System.Text;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>Linux: sockets from sock_diag, or from /proc/net where that is refused; processes from /proc.</summary>
internal sealed class LinuxListenerSource : IListenerSource
{
    // TASK_COMM_LEN (linux/sched.h) is 16; the names that kernel threads show are longer. A line break ends each.
    private const int MaxProgramLength = 64;

    public List<PortListener> Find(int? port, PortProtocol protocol)
    {
        List<InetSocket> sockets = [];
        Query(port ?? 0, protocol, anyState: false, sockets);
        return [.. WithProcesses(sockets).Select(static row => row.Listener)];
    }

    public bool IsListening(int port, PortProtocol protocol) => Query(port, protocol, anyState: false, found: null);

    public List<PortHolder> FindHolders(int port, PortProtocol protocol, bool withProcesses)
    {
        List<InetSocket> sockets = [];
        Query(port, protocol, anyState: true, sockets);
        return withProcesses
            ? [.. WithProcesses(sockets).Select(static row => HolderOf(row.Socket, row.Listener))]
            : sockets.ConvertAll(static socket => HolderOf(socket, Row(socket, null, null)));
    }

    /// <summary>A row for each process of each socket, and one for a socket whose processes are not told.</summary>
    private static List<(InetSocket Socket, PortListener Listener)> WithProcesses(List<InetSocket> sockets)
    {
        var owners = SocketOwners.Create(sockets);
        Dictionary<int, string?> programs = [];
        List<int> processIds = [];
        List<(InetSocket, PortListener)> rows = new(sockets.Count);
        foreach (InetSocket socket in sockets)
        {
            processIds.Clear();
            owners.CopyTo(socket, processIds);
            if (processIds.Count == 0)
            {
                rows.Add((socket, Row(socket, null, null)));
            }

            foreach (int processId in processIds)
            {
                if (!programs.TryGetValue(processId, out string? program))
                {
                    programs.Add(processId, program = ReadProgram(processId));
                }

                rows.Add((socket, Row(socket, processId, program)));
            }
        }

        return rows;
    }

    private static bool Query(int port, PortProtocol protocol, bool anyState, List<InetSocket>? found)
    {
        using var kernel = SockDiag.Open();
        bool any = false;
        foreach (SocketTable table in SocketTable.All)
        {
            if (protocol != PortProtocol.Both && protocol != table.Protocol)
            {
                continue;
            }

            any |= Query(kernel, table, port, anyState, found);
            if (any && found is null)
            {
                break;
            }
        }

        return any;
    }

    private static bool Query(SockDiag kernel, SocketTable table, int port, bool anyState, List<InetSocket>? found)
    {
        int before = found?.Count ?? 0;
        if (kernel.Query(table, port, anyState, found) is { } any)
        {
            return any;
        }

        found?.RemoveRange(before, found.Count - before);
        return ProcNetTable.Query(table, port, anyState, found);
    }

    private static string? ReadProgram(int processId)
    {
        Span<byte> name = stackalloc byte[MaxProgramLength];
        int length = LinuxLibC.ReadSmallFile($"/proc/{processId}/comm", name);
        return length > 0 ? Encoding.UTF8.GetString(name[..(length - 1)]) : null;
    }

    private static PortHolder HolderOf(InetSocket socket, PortListener row) => new(socket.Use, row) { Peer = socket.Peer, UserId = socket.UserId };

    private static PortListener Row(InetSocket socket, int? processId, string? program) => new()
    {
        Port = socket.Port,
        Protocol = socket.Protocol,
        Address = socket.Address,
        Id = processId,
        Program = program,
    };
}
