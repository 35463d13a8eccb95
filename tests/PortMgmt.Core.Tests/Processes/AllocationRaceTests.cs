using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class AllocationRaceTests
{
    // A start takes its time on Windows, and a hundred wait longer in Wine than they would for the lock.
    private static readonly int Processes = OperatingSystem.IsWindows() ? 16 : 100;
    private const int LeasesEach = 50;

    [Fact]
    public void Acquire_HundredProcessesAtOnce_GivesEachPortOnceAndLosesNone()
    {
        using var directory = new TemporaryDirectory();
        List<TestChild> children = [];
        try
        {
            for (int i = 0; i < Processes; i++)
            {
                children.Add(TestChild.Start(directory["registry"], ["allocate", Text(LeasesEach), "svc-" + Text(i % 10), directory["scratch"]]));
            }

            Assert.All(children, static child => Assert.Equal("ready", child.Output.ReadLine()));
            ReleaseAtOnce(directory["registry"], children);

            int[] ports = [.. children.SelectMany(static child => child.Output.ReadLine()!.Split(' ')).Select(static port => int.Parse(port, CultureInfo.InvariantCulture))];
            Assert.Equal(Processes * LeasesEach, ports.Length);
            Assert.Equal(ports.Length, ports.Distinct().Count());
            IReadOnlyList<PortLease> leases = PortRegistry.Open(new PortRegistryOptions { Directory = directory["registry"] }).GetLeases();
            Assert.Equal(ports.Order(), leases.Select(static lease => lease.Port));
            Assert.All(leases, static lease => Assert.Equal(PortLeaseState.Active, lease.State));
            Assert.All(leases.GroupBy(static lease => lease.OwnerProcessId), static group => Assert.Equal(LeasesEach, group.Count()));
        }
        finally
        {
            children.ForEach(static child => child.Dispose());
        }
    }

    /// <summary>Lets all go while the registry is locked, so that all of them stand in its queue when it is unlocked.</summary>
    private static void ReleaseAtOnce(string registry, List<TestChild> children)
    {
        using var holder = TestChild.Hold(registry);
        foreach (TestChild child in children)
        {
            child.Input.WriteLine();
            child.Input.Flush();
        }

        // Only Linux tells who waits for a lock.
        string lockFile = Path.Combine(registry, "leases.lock");
        if (OperatingSystem.IsLinux())
        {
            Eventually.IsTrue(() => HostPlatform.Current.GetLockUsers(lockFile).Waiters.Distinct().Count() == Processes);
        }

        holder.End();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
