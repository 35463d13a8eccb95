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
        List<ListeningSocket> sockets = [];
        Query(port ?? 0, protocol, sockets);
        var owners = SocketOwners.Create(sockets);
        Dictionary<int, string?> programs = [];
        List<int> processIds = [];
        List<PortListener> rows = new(sockets.Count);
        foreach (ListeningSocket socket in sockets)
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

    public bool IsListening(int port, PortProtocol protocol) => Query(port, protocol, found: null);

    private static bool Query(int port, PortProtocol protocol, List<ListeningSocket>? found)
    {
        using var kernel = SockDiag.Open();
        bool any = false;
        foreach (SocketTable table in SocketTable.All)
        {
            if (protocol != PortProtocol.Both && protocol != table.Protocol)
            {
                continue;
            }

            any |= Query(kernel, table, port, found);
            if (any && found is null)
            {
                break;
            }
        }

        return any;
    }

    private static bool Query(SockDiag kernel, SocketTable table, int port, List<ListeningSocket>? found)
    {
        int before = found?.Count ?? 0;
        if (kernel.Query(table, port, found) is { } any)
        {
            return any;
        }

        found?.RemoveRange(before, found.Count - before);
        return ProcNetTable.Query(table, port, found);
    }

    private static string? ReadProgram(int processId)
    {
        Span<byte> name = stackalloc byte[MaxProgramLength];
        int length = LinuxLibC.ReadSmallFile($"/proc/{processId}/comm", name);
        return length > 0 ? Encoding.UTF8.GetString(name[..(length - 1)]) : null;
    }

    private static PortListener Row(ListeningSocket socket, int? processId, string? program) => new()
    {
        Port = socket.Port,
        Protocol = socket.Protocol,
        Address = socket.Address,
        Id = processId,
        Program = program,
    };
}
