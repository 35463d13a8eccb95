using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Run;

/// <summary>
/// Hands sockets to the command as systemd hands them to a service (sd_listen_fds(3)): they are its descriptors from 3 on, LISTEN_FDS says
/// how many, LISTEN_FDNAMES which, and LISTEN_PID whom they are for, which is this process, since it becomes the command.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SocketHandover
{
    private const int FirstDescriptor = 3;

    private readonly IReadOnlyList<Socket> _sockets;

    /// <summary>Prepares the handover; nothing is moved yet.</summary>
    /// <param name="ports">The ports that are listened on, at least one, to be kept from disposal until the command runs.</param>
    public SocketHandover(IReadOnlyList<ListeningPort> ports)
    {
        _sockets = [.. ports.Select(port => port.Socket)];
        Variables =
        [
            new("LISTEN_FDS", ports.Count.ToString(CultureInfo.InvariantCulture)),
            new("LISTEN_FDNAMES", string.Join(':', ports.Select(port => NameOf(port.Lease)))),
            new("LISTEN_PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The variables that tell the command of its sockets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; }

    /// <summary>
    /// Moves the sockets to their numbers. The runtime has descriptors of its own there, and goes on using them (the one by which it writes
    /// code is among them), so that nothing but the execve may follow, compiled already; where that fails, <see cref="Undo"/> gives the
    /// runtime its own back.
    /// </summary>
    /// <returns>What the numbers were before; to be given to <see cref="Undo"/>.</returns>
    /// <exception cref="IOException">There are not enough descriptors.</exception>
    public int[] Apply()
    {
        // First out of the way of each other and of the numbers that are wanted, then to those.
        int free = FirstDescriptor + _sockets.Count;
        int[] moved = [.. _sockets.Select(socket => Duplicate((int)socket.Handle, free))];
        int[] former = [.. Enumerable.Range(FirstDescriptor, _sockets.Count).Select(number => LibC.IsOpen(number) ? Duplicate(number, free) : -1)];

        // The calls below are compiled by calls that change nothing.
        _ = Move(moved[0], moved[0]);
        Thread.Sleep(0);
        Undo([-1]);
        for (int i = 0; i < moved.Length; i++)
        {
            if (!Move(moved[i], FirstDescriptor + i))
            {
                Undo(former);
                throw new IOException($"The sockets cannot be handed over: descriptor {FirstDescriptor + i} is in use by the runtime. Lease fewer ports.");
            }
        }

        return former;
    }

    /// <summary>Puts back what stood at the numbers.</summary>
    public static void Undo(int[] former)
    {
        for (int i = 0; i < former.Length; i++)
        {
            if (former[i] >= 0)
            {
                _ = LibC.Replace(former[i], FirstDescriptor + i);
            }
        }
    }

    // EBUSY: another thread is about to open something under that number.
    private static bool Move(int descriptor, int number)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            if (LibC.Replace(descriptor, number) >= 0)
            {
                return true;
            }

            Thread.Sleep(1);
        }

        return false;
    }

    // A name ends at a colon there; names of leases may have some.
    private static string NameOf(PortLease lease) => lease.Name.Length == 0 ? "unknown" : lease.Name.Replace(':', '_');

    private static int Duplicate(int descriptor, int least) => LibC.Duplicate(descriptor, least) is >= 0 and int copy
        ? copy
        : throw new IOException("The sockets cannot be handed over: the limit of open files is reached. Raise it (ulimit -n), or lease fewer ports.");
}
