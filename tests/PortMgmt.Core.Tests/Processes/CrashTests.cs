using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.TestProcess;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.Tests.Processes;

/// <summary>
/// Processes that lease, renew and give back without a pause, killed at random moments. How many, the environment variable
/// PORTMGMT_TEST_KILLS says; the issue of this product asks for 1000, an ordinary run makes do with fewer.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private const int OrdinaryKills = 200;
    private const int KillsBetweenSweeps = 10;
    private const int StepsBeforeKill = 3;

    [Fact]
    public void Kill_OfAllocatorsAtRandomMoments_LeavesTableReadableLiveLeasesWholeAndDeadOnesReclaimed()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("PORTMGMT_TEST_KILLS"), CultureInfo.InvariantCulture, out int asked) ? asked : OrdinaryKills;
        using var directory = new TemporaryDirectory();
        var random = new Random(kills);
        PortRegistry registry = TestRegistry.Open(new FastClock(), directory.Path);
        ChurnWorker[] workers = [.. Enumerable.Range(0, Workers).Select(seed => new ChurnWorker(directory.Path, new ChurnPlan(seed)))];
        Dictionary<string, int> interrupted = [];
        try
        {
            for (int kill = 1; kill <= kills; kill++)
            {
                // In turn, so that each has had the time to start in.
                int chosen = kill % Workers;
                ChurnWorker victim = workers[chosen];
                AwaitMoment(victim, random);
                victim.Kill();
                string step = victim.Step is [string verb, ..] ? verb : "between steps";
                interrupted[step] = interrupted.GetValueOrDefault(step) + 1;
                Check(directory.Path, victim, workers);
                if (kill % KillsBetweenSweeps == 0)
                {
                    SweepAndCheck(directory.Path, registry);
                }

                victim.Dispose();
                workers[chosen] = new ChurnWorker(directory.Path, new ChurnPlan(Workers + kill));
            }
        }
        finally
        {
            Array.ForEach(workers, static worker => worker.Dispose());
        }

        output.WriteLine($"{kills} kills: {string.Join(", ", interrupted.Select(static pair => $"{pair.Value} in '{pair.Key}'"))}");
        Assert.All(workers, static worker => Assert.Null(worker.Failure));
        registry.Sweep();
        Assert.Equal(0, Audit(directory.Path).LeasedSlots);
        Assert.Empty(Directory.GetFiles(directory.Path, "*damaged*"));
    }

    private static TableAudit Audit(string registry) => TableAudit.Of(registry, new FastClock());

    /// <summary>Lets a process get to work, then waits for any moment, or, every other time, for one within a step.</summary>
    private static void AwaitMoment(ChurnWorker victim, Random random)
    {
        Eventually.IsTrue(() => victim.Steps >= StepsBeforeKill || victim.Failure is not null);
        Thread.Sleep(random.Next(10));
        if (random.Next(2) == 0)
        {
            SpinWait.SpinUntil(() => victim.Step.Length > 0, TimeSpan.FromMilliseconds(50));
        }
    }

    private static void Check(string registry, ChurnWorker victim, ChurnWorker[] workers)
    {
        Dictionary<string, string[]>[] held = [.. workers.Select(static worker => worker.Held)];
        TableAudit audit = Audit(registry);
        audit.AssertWhole();
        Assert.False(audit.HasActiveLeaseOf(victim.Id));
        if (victim.Step is ["take", string group, string slots])
        {
            Assert.Contains(audit.SlotsOf(group), new[] { 0, int.Parse(slots, CultureInfo.InvariantCulture) });
        }

        for (int i = 0; i < workers.Length; i++)
        {
            if (workers[i] != victim)
            {
                AssertHeld(audit, workers[i], held[i]);
            }
        }
    }

    /// <summary>What a live process held before the audit is there, unless it has begun meanwhile to give it back.</summary>
    private static void AssertHeld(TableAudit audit, ChurnWorker worker, Dictionary<string, string[]> held)
    {
        foreach ((string group, string[] tokens) in held)
        {
            // What it said before the audit may still be on its way here.
            if (!tokens.All(audit.IsActive))
            {
                Eventually.IsTrue(() => !worker.Holds(group) || worker.Failure is not null);
            }
        }

        Assert.Null(worker.Failure);
    }

    private static void SweepAndCheck(string registry, PortRegistry swept)
    {
        swept.Sweep();
        Assert.DoesNotContain(swept.GetLeases(), static lease => lease.State == PortLeaseState.Stale);
        Audit(registry).AssertWhole();
    }
}
