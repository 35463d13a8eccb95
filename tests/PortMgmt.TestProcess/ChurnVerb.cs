using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>churn PLAN</c>: takes, renews and gives back groups of leases until it is killed, and says of each step before it
/// begins and after it ended what it is:
/// <code>take GROUP SLOTS / took GROUP TOKEN…     renew GROUP / renewed GROUP     drop GROUP / dropped GROUP</code>
/// A step that a fault of the plan cut off ends with <c>cut CODE</c>; any other that fails ends the process with
/// <c>failed MESSAGE</c>.
/// </summary>
internal sealed class ChurnVerb
{
    private const int GroupsHeld = 3;

    private static readonly PortRange Range = new(10000, 19999);

    private readonly ChurnPlan _plan;
    private readonly Random _random;
    private readonly TextWriter _output;
    private readonly FaultInjector _faults;
    private readonly PortRegistry _registry;
    private readonly Queue<(string Name, PortLease[] Leases)> _held = new();

    private ChurnVerb(ChurnPlan plan, TextWriter output)
    {
        _plan = plan;
        _output = output;
        _random = new Random(plan.Seed);
        _faults = new FaultInjector(plan.Fault, plan.Interval, output);
        _registry = TestRegistry.Open(plan.DateJumps ? new JumpingClock(_random) : new FastClock(), platform: new FaultyPlatform(_faults));
    }

    public static int Run(string[] args, TextWriter output)
    {
        var verb = new ChurnVerb(ChurnPlan.Parse(args), output);
        for (int step = 0; verb.Work(step); step++)
        {
            Thread.Sleep(verb._random.Next(verb._plan.LongestPause + 1));
        }

        return 1;
    }

    private bool Work(int step)
    {
        // Windows soon gives the id of a process that was killed to the next: the seed is of one process alone.
        string name = string.Create(CultureInfo.InvariantCulture, $"g{Environment.ProcessId}.{_plan.Seed}.{step}");
        PortLeaseRequest request = NewRequest(_random, name);
        int slots = request.Protocol == PortProtocol.Both ? 2 * request.Count : request.Count;
        PortLease[]? taken = null;
        if (!Try(string.Create(CultureInfo.InvariantCulture, $"take {name} {slots}"), () => taken = [.. _registry.AcquireMany(request)]))
        {
            return false;
        }

        if (taken is not null)
        {
            _output.WriteLine($"took {name} {string.Join(' ', taken.Select(static lease => lease.Token))}");
            _held.Enqueue((name, taken));
        }

        return (_held.Count == 0 || _random.Next(2) == 0 || Renew(_held.Dequeue())) && (_held.Count <= GroupsHeld || Drop(_held.Dequeue()));
    }

    private bool Renew((string Name, PortLease[] Leases) group)
    {
        PortLease[]? renewed = null;
        bool goesOn = Try($"renew {group.Name}", () => renewed = [.. group.Leases.Select(lease => _registry.Renew(lease, TimeSpan.FromDays(2)))]);
        if (renewed is not null)
        {
            _output.WriteLine($"renewed {group.Name}");
        }

        _held.Enqueue((group.Name, renewed ?? group.Leases));
        return goesOn;
    }

    private bool Drop((string Name, PortLease[] Leases) group)
    {
        bool dropped = false;
        bool goesOn = Try(
            $"drop {group.Name}",
            () =>
            {
                foreach (PortLease lease in group.Leases)
                {
                    _registry.Remove(lease);
                }

                dropped = true;
            });
        if (dropped)
        {
            _output.WriteLine($"dropped {group.Name}");
        }

        return goesOn;
    }

    /// <summary>Does a step; false when it failed though nothing of the plan was in its way.</summary>
    private bool Try(string step, Action work)
    {
        _output.WriteLine(step);
        try
        {
            using IDisposable? scarcity = _faults.BeforeCall();
            work();
            return true;
        }
        catch (PortRegistryException e) when (IsExpected(e.Code))
        {
            _output.WriteLine($"cut {e.Code}");
            return true;
        }
        catch (Exception e)
        {
            _output.WriteLine($"failed {e.GetType().Name} {(e as PortRegistryException)?.Code} {e.Message}");
            return false;
        }
    }

    private bool IsExpected(PortRegistryErrorCode code) => _plan.MayLose
        ? code is PortRegistryErrorCode.LeaseNotFound or PortRegistryErrorCode.LeaseNotOwned or PortRegistryErrorCode.RegistryAccessDenied or PortRegistryErrorCode.RegistryUnavailable
        : _faults.Happened && code == (_plan.Fault == Fault.FullDisk ? PortRegistryErrorCode.RegistryDiskFull : PortRegistryErrorCode.RegistryUnavailable);

    private static PortLeaseRequest NewRequest(Random random, string name) => new()
    {
        Name = name,
        Range = Range,
        Protocol = (PortProtocol)random.Next(3),
        Count = random.Next(8) == 0 ? 25 : random.Next(1, 5),
        Contiguous = random.Next(4) == 0,
        TimeToLive = random.Next(2) == 0 ? TimeSpan.FromDays(1) : null,
    };
}
