using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>churn SEED</c>: takes, renews and gives back groups of leases until it is killed, and says of each step before it
/// begins and after it ended what it is:
/// <code>take GROUP SLOTS / took GROUP TOKEN…     renew GROUP / renewed GROUP     drop GROUP / dropped GROUP</code>
/// Steps that fail end it with <c>failed MESSAGE</c>.
/// </summary>
internal static class ChurnVerb
{
    private const int LongestPauseMilliseconds = 20;
    private const int GroupsHeld = 3;

    private static readonly PortRange Range = new(10000, 19999);

    public static int Run(string[] args, TextWriter output)
    {
        var random = new Random(int.Parse(args[0], CultureInfo.InvariantCulture));
        PortRegistry registry = TestRegistry.Open(new FastClock());
        var held = new Queue<(string Name, PortLease[] Leases)>();
        try
        {
            for (int step = 0; ; step++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"g{Environment.ProcessId}.{step}");
                held.Enqueue((name, Take(registry, NewRequest(random, name), output)));
                if (random.Next(2) == 0)
                    held.Enqueue(Renew(registry, held.Dequeue(), output));
                if (held.Count > GroupsHeld)
                    Drop(registry, held.Dequeue(), output);
                Thread.Sleep(random.Next(LongestPauseMilliseconds));
            }
        }
        catch (PortRegistryException e)
        {
            output.WriteLine($"failed {e.Code} {e.Message}");
            return 1;
        }
    }

    private static PortLeaseRequest NewRequest(Random random, string name) => new()
    {
        Name = name,
        Range = Range,
        Protocol = (PortProtocol)random.Next(3),
        Count = random.Next(8) == 0 ? 25 : random.Next(1, 5),
        Contiguous = random.Next(4) == 0,
        TimeToLive = random.Next(2) == 0 ? TimeSpan.FromDays(1) : null,
    };

    private static PortLease[] Take(PortRegistry registry, PortLeaseRequest request, TextWriter output)
    {
        int slots = request.Protocol == PortProtocol.Both ? 2 * request.Count : request.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"take {request.Name} {slots}"));
        PortLease[] leases = [.. registry.AcquireMany(request)];
        output.WriteLine($"took {request.Name} {string.Join(' ', leases.Select(static lease => lease.Token))}");
        return leases;
    }

    private static (string Name, PortLease[] Leases) Renew(PortRegistry registry, (string Name, PortLease[] Leases) group, TextWriter output)
    {
        output.WriteLine($"renew {group.Name}");
        PortLease[] renewed = [.. group.Leases.Select(lease => registry.Renew(lease, TimeSpan.FromDays(2)))];
        output.WriteLine($"renewed {group.Name}");
        return (group.Name, renewed);
    }

    private static void Drop(PortRegistry registry, (string Name, PortLease[] Leases) group, TextWriter output)
    {
        output.WriteLine($"drop {group.Name}");
        foreach (PortLease lease in group.Leases)
            registry.Remove(lease);
        output.WriteLine($"dropped {group.Name}");
    }
}
