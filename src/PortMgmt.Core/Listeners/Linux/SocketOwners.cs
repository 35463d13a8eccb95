using System.Runtime.InteropServices;
using PortMgmt.Platform.Linux;

namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Which processes have which sockets, from /proc/PID/fd: the kernel tells it in no other way. A process is left as soon as all the
/// sockets were found in it. Processes that vanish meanwhile and those of other users are passed over.
/// </summary>
internal sealed class SocketOwners
{
    private const int None = -1;
    private const uint NoInode = 0;

    // Inode to the index of the last owner that was found, each owner knowing the one before it: no list for each socket.
    private readonly Dictionary<uint, int> _last;
    private readonly List<(int ProcessId, int Previous)> _owners = [];
    private int _withoutOwner;

    private SocketOwners(List<InetSocket> sockets)
    {
        _last = new(sockets.Count);
        foreach (InetSocket socket in sockets)
        {
            if (socket.Inode != NoInode)
            {
                _last[socket.Inode] = None;
            }
        }

        _withoutOwner = _last.Count;
    }

    /// <summary>Looks into every process, since a socket can be shared by any.</summary>
    /// <param name="sockets">The sockets.</param>
    public static SocketOwners FindAll(List<InetSocket> sockets) => FindLikely(sockets, []);

    /// <summary>
    /// Looks into the likely processes, all that they have started, and what has started them; where that has a socket too, into all that it
    /// has started, and further up: as a rule a socket is shared by inheritance. Then, where a socket is in none of them, into every other.
    /// </summary>
    /// <param name="sockets">The sockets.</param>
    /// <param name="likely">The ids of the likely processes.</param>
    public static SocketOwners FindLikely(List<InetSocket> sockets, IReadOnlyCollection<int> likely)
    {
        SocketOwners owners = new(sockets);
        HashSet<int> seen = [];
        owners.ReadFamilies(new Stack<int>(likely), seen);
        foreach (int processId in likely)
        {
            owners.ReadAncestors(processId, seen);
        }

        if (owners._withoutOwner > 0)
        {
            owners.ReadProcesses(seen);
        }

        return owners;
    }

    /// <summary>Looks for the process with the lowest id that has a socket; null where none is told of.</summary>
    /// <param name="socket">The socket.</param>
    public static int? FindFirst(InetSocket socket)
    {
        SocketOwners owners = new([socket]);
        using var processes = ProcDirectory.Open("/proc");
        while (owners._withoutOwner > 0 && processes.MoveNext(out int processId))
        {
            owners.ReadProcess(processId);
        }

        return owners._owners is [var owner, ..] ? owner.ProcessId : null;
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

    private void ReadFamilies(Stack<int> next, HashSet<int> seen)
    {
        while (next.TryPop(out int processId))
        {
            if (seen.Add(processId))
            {
                ReadLikelyProcess(processId);
                ProcChildren.CopyTo(processId, next);
            }
        }
    }

    // Up to the first that has none of the sockets, or was seen before.
    private void ReadAncestors(int processId, HashSet<int> seen)
    {
        while (LinuxProcesses.ParentOf(processId) is int parent && seen.Add(parent))
        {
            int before = _owners.Count;
            ReadProcess(parent);
            if (_owners.Count == before)
            {
                return;
            }

            Stack<int> next = [];
            ProcChildren.CopyTo(parent, next);
            ReadFamilies(next, seen);
            processId = parent;
        }
    }

    private void ReadProcesses(HashSet<int> seen)
    {
        using var processes = ProcDirectory.Open("/proc");
        while (processes.MoveNext(out int processId))
        {
            if (!seen.Contains(processId))
            {
                ReadProcess(processId);
            }
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

    /// <summary>Finds in few steps what it can so, as a rule all; else reads the process like any other.</summary>
    private void ReadLikelyProcess(int processId)
    {
        using var descriptors = ProcDirectory.Open($"/proc/{processId}/fd");
        List<int> numbers = [];
        while (descriptors.MoveNext(out int number))
        {
            numbers.Add(number);
        }

        foreach (uint inode in _last.Keys.ToArray())
        {
            if (!DescriptorSearch.Contains(descriptors, CollectionsMarshal.AsSpan(numbers), inode))
            {
                ReadProcess(processId);
                return;
            }

            TryAdd(inode, processId);
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

        _withoutOwner -= previous == None ? 1 : 0;
        _last[inode] = _owners.Count;
        _owners.Add((processId, previous));
        return true;
    }
}
