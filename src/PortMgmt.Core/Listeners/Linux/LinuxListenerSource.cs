using System.Text;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Linux;

/// <summary>Linux: sockets from sock_diag, or from /proc/net where that is refused; processes from /proc.</summary>
internal sealed class LinuxListenerSource : IListenerSource
{
    // TASK_COMM_LEN (linux/sched.h) is 16; the names that kernel threads show are longer. A line break ends each.
    private const int MaxProgramLength = 64;

    public List<PortListener> Find(int? port, PortProtocol protocol, Func<IEnumerable<int>>? likely = null)
    {
        List<InetSocket> sockets = [];
        if (!Query(port ?? 0, protocol, anyState: false, sockets))
        {
            return [];
        }

        return WithProcesses(sockets, likely is null ? SocketOwners.FindAll(sockets) : SocketOwners.FindLikely(sockets, [.. likely()]));
    }

    public bool IsListening(int port, PortProtocol protocol) => Query(port, protocol, anyState: false, found: null);

    public List<PortHolder> FindHolders(int port, PortProtocol protocol)
    {
        List<InetSocket> sockets = [];
        Query(port, protocol, anyState: true, sockets);
        return sockets.ConvertAll(HolderOf);
    }

    public PortHolder? FindHolder(int port, PortProtocol protocol)
    {
        // To ask for those that listen is cheaper, and as a rule there is one.
        List<InetSocket> sockets = [];
        if (!Query(port, protocol, anyState: false, sockets) && !Query(port, protocol, anyState: true, sockets))
        {
            return null;
        }

        (InetSocket socket, PortHolder holder) = sockets.Select(static socket => (socket, HolderOf(socket))).MinBy(static pair => pair.Item2, PortHolderOrder.Instance);
        return SocketOwners.FindFirst(socket) is int processId
            ? holder with { Socket = Row(socket, processId, ReadProgram(processId)) }
            : holder;
    }

    /// <summary>A row for each process of each socket, and one for a socket whose processes are not told.</summary>
    private static List<PortListener> WithProcesses(List<InetSocket> sockets, SocketOwners owners)
    {
        Dictionary<int, string?> programs = [];
        List<int> processIds = [];
        List<PortListener> rows = new(sockets.Count);
        foreach (InetSocket socket in sockets)
        {
            processIds.Clear();
            owners.CopyTo(socket, processIds);
            if (processIds.Count == 0)
            {
                rows.Add(Row(socket, null, null));
            }

            foreach (int processId in processIds)
            {
                if (!programs.TryGetValue(processId, out string? program))
                {
                    programs.Add(processId, program = ReadProgram(processId));
                }

                rows.Add(Row(socket, processId, program));
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

    private static PortHolder HolderOf(InetSocket socket) => new(socket.Use, Row(socket, null, null)) { Peer = socket.Peer, UserId = socket.UserId };

    private static PortListener Row(InetSocket socket, int? processId, string? program) => new()
    {
        Port = socket.Port,
        Protocol = socket.Protocol,
        Address = socket.Address,
        Id = processId,
        Program = program,
    };
}
