using System.Globalization;
using PortMgmt.Benchmarks.Leases;
using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Listeners.Linux;
using PortMgmt.Ports;

namespace PortMgmt.Benchmarks.Listeners;

/// <summary>
/// Who has one port, leased and not, beside a hundred other processes. All listeners are one process's and the port is that of the
/// middle one, so that half of the descriptors come before it. The floor is to ask the kernel for the socket and to read the names of the
/// owner's descriptors, without a look at any. Linux only.
/// </summary>
internal static class HoldersMode
{
    private static readonly int[] ListenerCounts = [2, 1_000];

    /// <summary>Runs the mode.</summary>
    /// <param name="args">The number of calls a row, 100 unless given.</param>
    public static int Run(string[] args)
    {
        int calls = args is [string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 100;
        using var others = new OtherOwners();
        Console.WriteLine(Turns.Heading);
        foreach (int count in ListenerCounts)
        {
            Measure(count, calls);
        }

        return 0;
    }

    private static void Measure(int count, int calls)
    {
        using var scratch = new ScratchRegistry();
        using var owner = new ListeningChild(count);
        int leased = owner.Ports[count / 2];
        int unleased = owner.Ports[(count / 2) - 1];
        scratch.Registry.Acquire(new PortLeaseRequest { Port = leased, Adopt = true, Owner = PortLeaseOwner.Process(owner.Id) });
        var listeners = new LeasedListeners(() => PortRegistry.Open(new PortRegistryOptions { Directory = scratch.Directory }), Console.WriteLine);
        var turns = new Turns(calls);
        turns.Add("floor", () => MeasureFloor(leased, owner.Id));
        turns.Add("a leased port", () => listeners.Find(leased, PortProtocol.Tcp));
        turns.Add("a port without a lease", () => listeners.Find(unleased, PortProtocol.Tcp));
        turns.Add("the first process of a port", () => PortHolders.FindFirst(unleased, PortProtocol.Tcp));
        turns.Add("all ports", () => listeners.Find(null, PortProtocol.Tcp));
        turns.Run(string.Create(CultureInfo.InvariantCulture, $"{count:N0} listeners"));
    }

    private static void MeasureFloor(int port, int processId)
    {
        PortListeners.IsListening(port);
        using var descriptors = ProcDirectory.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd"));
        while (descriptors.MoveNext(out _))
        {
        }
    }
}
