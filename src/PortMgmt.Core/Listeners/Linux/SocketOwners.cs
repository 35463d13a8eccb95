namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Which processes have which sockets, from /proc/PID/fd. Every process that may be looked into is, since a socket can be
/// shared; a process is left as soon as all the sockets were found in it. Processes that vanish meanwhile and those of other
/// users are passed over.
/// </summary>
internal sealed class SocketOwners
{
    private const int None = -1;
    private const uint NoInode = 0;

    // Inode to the index of the last owner that was found, each owner knowing the one before it: no list for each socket.
    private readonly Dictionary<uint, int> _last;
    private readonly List<(int ProcessId, int Previous)> _owners = [];

    private SocketOwners(Dictionary<uint, int> last) => _last = last;

    /// <summary>Looks up the processes of sockets.</summary>
    /// <param name="sockets">The sockets.</param>
    public static SocketOwners Create(List<InetSocket> sockets)
    {
        Dictionary<uint, int> last = new(sockets.Count);
        foreach (InetSocket socket in sockets)
        {
            if (socket.Inode != NoInode)
            {
                last[socket.Inode] = None;
            }
        }

        SocketOwners owners = new(last);
        if (last.Count > 0)
        {
            owners.ReadProcesses();
        }

        return owners;
    }

    /// <summary>Adds the ids of the processes that have a socket.</summary>
    /// <param name="socket">One of the sockets.</param>
    /// <param name="processIds">Gets the ids.</param>
    public void CopyTo(InetSocket socket, List<int> processIds)
    {
        for (int i = _last.GetValueOrDefault(socket.Inode, None); i != None; i = _owners[i].Previous)
        {
            processIds.Add(_owners[i].ProcessId);
        }
    }

    private void ReadProcesses()
    {
        using var processes = ProcDirectory.Open("/proc");
        while (processes.MoveNext(out int processId))
        {
            ReadProcess(processId);
        }
    }

    private void ReadProcess(int processId)
    {
        using var descriptors = ProcDirectory.Open($"/proc/{processId}/fd");
        int missing = _last.Count;
        while (missing > 0 && descriptors.MoveNext(out _))
        {
            if (descriptors.TryReadSocket(out uint inode) && TryAdd(inode, processId))
            {
                missing--;
            }
        }
    }

    private bool TryAdd(uint inode, int processId)
    {
        if (!_last.TryGetValue(inode, out int previous))
        {
            return false;
        }
        // A process may have the same socket under several descriptors.
        if (previous != None && _owners[previous].ProcessId == processId)
        {
            return false;
        }

        _last[inode] = _owners.Count;
        _owners.Add((processId, previous));
        return true;
    }
}
