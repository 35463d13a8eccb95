using System.Globalization;
using System.Runtime.Versioning;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Platform.Linux;
using PortMgmt.TestKit.Leases;
using PortMgmt.TestKit.Processes;
using PortMgmt.TestProcess;

namespace PortMgmt.Chaos;

/// <summary>
/// Rounds in which processes work on one registry while something goes wrong in each of them. After each round the table is
/// read: no port twice, no live lease lost, no dead one for ever, no slot that cannot be read.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Storm(string registry, ChaosLedger ledger, StandingLeases standing)
{
    private const int StepsOfALivingWorker = 12;

    // The sixty seconds of a port's rest on the fast clock, less a margin.
    private const int RestMilliseconds = 2500;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    // Those that end a process come up as often as all others.
    private static readonly Fault[] Faults =
        [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Tear, Fault.Tear, Fault.Stop, Fault.BadDisk, Fault.FullDisk, Fault.NoFiles, Fault.None];

    private readonly PortRegistry _registry = TestRegistry.Open(new FastClock(), registry);

    public void Rage(int round, int workers)
    {
        ledger.Rounds++;
        var random = new Random(round);
        List<ChurnWorker> running = [];
        try
        {
            for (int i = 0; i < workers; i++)
            {
                running.Add(new ChurnWorker(registry, NewPlan(random, (round * workers) + i)));
            }

            AwaitFaults(running);
            CheckAll(running);
            foreach (ChurnWorker worker in running.Where(static worker => !worker.HasEnded))
            {
                worker.EndNow();
                ledger.Count("Kill anywhere");
            }

            CheckNoneLeft(running);
            running.ForEach(ledger.Count);
        }
        finally
        {
            running.ForEach(static worker => worker.Dispose());
        }
    }

    private static ChurnPlan NewPlan(Random random, int seed)
    {
        Fault fault = Faults[seed % Faults.Length];
        int interval = fault switch
        {
            Fault.Kill or Fault.Tear => random.Next(20, 150),
            Fault.NoFiles => random.Next(2, 5),
            _ => random.Next(10, 60),
        };
        return new ChurnPlan(seed, fault, interval, LongestPause: 3, DateJumps: random.Next(3) == 0);
    }

    /// <summary>Until those that are to die are dead, and the others have worked for a while.</summary>
    private void AwaitFaults(List<ChurnWorker> running)
    {
        long start = Environment.TickCount64;
        HashSet<ChurnWorker> buried = [];
        while (!running.TrueForAll(IsDone))
        {
            if (Environment.TickCount64 - start > Limit.TotalMilliseconds)
            {
                ledger.Demand(false, $"after {Limit.TotalSeconds} s there still work: {string.Join(", ", running.Where(worker => !IsDone(worker)).Select(static worker => worker.Plan))}");
                return;
            }

            // What stopped itself goes on after a while that is long for a lock.
            long seenAlive = Environment.TickCount64;
            Thread.Sleep(100);
            running.ForEach(static worker => worker.ContinueIfStopped());
            ChurnWorker[] dead = [.. running.Where(worker => worker.HasEnded && buried.Add(worker))];
            if (dead.Length > 0)
            {
                CheckCutOff(dead, running, seenAlive);
            }
        }
    }

    private static bool IsDone(ChurnWorker worker) =>
        worker.HasEnded || (worker.Plan.Fault is not (Fault.Kill or Fault.Tear) && worker.Steps >= StepsOfALivingWorker);

    /// <summary>Those that died a moment ago have the last group that they wanted wholly or not at all.</summary>
    private void CheckCutOff(ChurnWorker[] dead, List<ChurnWorker> running, long seenAlive)
    {
        TableAudit audit = AuditWhileNoneStops(running);

        // Later than that, their ports have rested and may be others'.
        if (Environment.TickCount64 - seenAlive > RestMilliseconds)
        {
            return;
        }

        foreach (ChurnWorker worker in dead)
        {
            if (worker.Step is ["take", string group, string slots])
            {
                CheckWhole(audit, worker, group, int.Parse(slots, CultureInfo.InvariantCulture));
            }
        }
    }

    private void CheckAll(List<ChurnWorker> running)
    {
        (ChurnWorker Worker, Dictionary<string, string[]> Held, (string Group, int Slots)[] Cut)[] living =
            [.. running.Where(static worker => !worker.HasEnded).Select(static worker => (worker, worker.Held, worker.Cut))];
        ChurnWorker[] dead = [.. running.Where(static worker => worker.HasEnded)];
        TableAudit audit = AuditWhileNoneStops(running);
        ledger.Demand(audit.AssertWhole, "the table is not whole");
        ledger.Demand(standing.CountLost(audit) == 0, $"{standing.CountLost(audit)} of {standing.Count} standing leases are lost");
        CheckDead(audit, dead);
        foreach ((ChurnWorker worker, Dictionary<string, string[]> held, (string, int)[] cut) in living)
        {
            foreach ((string group, string[] tokens) in held)
            {
                CheckHeld(audit, worker, group, tokens);
            }

            foreach ((string group, int slots) in cut)
            {
                CheckWhole(audit, worker, group, slots);
            }
        }
    }

    private void CheckDead(TableAudit audit, IEnumerable<ChurnWorker> dead)
    {
        foreach (ChurnWorker worker in dead)
        {
            ledger.Demand(!audit.HasActiveLeaseOf(worker.Id), $"process {worker.Id} is dead and has live leases");
        }
    }

    private void CheckWhole(TableAudit audit, ChurnWorker worker, string group, int wanted)
    {
        int slots = audit.SlotsOf(group);
        bool mayBeThere = worker.Plan.Fault != Fault.FullDisk;
        ledger.Demand(slots == 0 || (slots == wanted && mayBeThere), $"{worker.Plan}: {slots} of {wanted} slots of a group that was cut off are taken");
        ledger.GroupsCutOff++;
    }

    private void CheckHeld(TableAudit audit, ChurnWorker worker, string group, string[] tokens)
    {
        // What it said before the audit may still be on its way here.
        string[] lost = [.. tokens.Where(token => !audit.IsActive(token))];
        if (lost.Length > 0 && !SpinWait.SpinUntil(() => !worker.Holds(group) || worker.Failure is not null, Limit))
        {
            ledger.Demand(false, $"{worker.Plan}: {lost.Length} leases of a living process are lost: {string.Join(' ', lost.Select(audit.Describe))}");
        }
    }

    /// <summary>With nobody left, one sweep must give back all but the standing leases.</summary>
    private void CheckNoneLeft(List<ChurnWorker> ended)
    {
        TableAudit before = Audit();
        CheckDead(before, ended);
        _registry.Sweep();
        TableAudit after = Audit();
        ledger.Demand(after.AssertWhole, "the swept table is not whole");
        ledger.Demand(after.LeasedSlots == standing.Count, $"{after.LeasedSlots - standing.Count} slots of dead processes are still leased after a sweep");
        ledger.Demand(standing.CountLost(after) == 0, $"a sweep took {standing.CountLost(after)} standing leases");
        using var left = LinuxLockQueue.Enter(Path.Combine(registry, "leases.lock"), shared: false, open: false, LockWait.For(Limit), CancellationToken.None);
        ledger.Demand(left is null, "a queue is left behind in which nobody waits");
        ledger.Demand(Directory.GetFiles(registry, "*damaged*").Length == 0, "a table was set aside as damaged");
    }

    /// <summary>Reads the table while those that stop themselves go on: the audit would wait for their lock.</summary>
    private TableAudit AuditWhileNoneStops(IReadOnlyList<ChurnWorker> running)
    {
        using var awake = new Timer(_ => Array.ForEach([.. running], static worker => worker.ContinueIfStopped()), null, 50, 50);
        return Audit();
    }

    private TableAudit Audit() => TableAudit.Of(registry, new FastClock());
}
