using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>A process killed before its first, second, third … write to the registry, until it lives to do them all.</summary>
[Collection(ProcessTests.Name)]
public sealed class CutShortTests : IDisposable
{
    private const string Group = "group";
    private const int GroupSlots = 6;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public void AcquireMany_KilledBeforeAnyWrite_LeasesAllOrNone()
    {
        HashSet<int> outcomes = [];
        int writes = KillBeforeEachWrite(static _ => $"take name={Group} count=3 protocol=Both", registry =>
        {
            using PortLease lease = Open(registry).Acquire("other");
            int slots = Audit(registry).SlotsOf(Group);
            Assert.Contains(slots, new[] { 0, GroupSlots });
            outcomes.Add(slots);
        });

        // Six slots with their tags, the journal and its commit at the least.
        Assert.InRange(writes, (2 * GroupSlots) + 2, 100);
        Assert.Equal([0, GroupSlots], outcomes.Order());
    }

    [SkippableFact]
    public void Remove_KilledBeforeAnyWrite_EndsTheLeaseOnBothProtocolsOrOnNone()
    {
        HashSet<int> outcomes = [];
        KillBeforeEachWrite(
            static registry => string.Create(CultureInfo.InvariantCulture, $"remove port={Open(registry).Acquire(new PortLeaseRequest { Name = Group, Protocol = PortProtocol.Both }).Port}"),
            registry => outcomes.Add(Audit(registry).LeasedSlots));

        // What was leased before, with or without the two slots of the lease to be removed.
        Assert.Equal([1, 3], outcomes.Order());
    }

    [SkippableFact]
    public void Acquire_KilledBeforeAnyWriteOfANewRegistry_LeavesOneThatWorks() => KillBeforeEachWrite(
        static registry =>
        {
            Directory.Delete(registry, recursive: true);
            return "take name=web";
        },
        static registry =>
        {
            using PortLease lease = Open(registry).Acquire("other");
            Assert.Equal(PortLeaseState.Active, Assert.Single(Open(registry).GetLeases(new PortLeaseFilter { Name = "other" })).State);
        },
        keepsEarlierLease: false);

    /// <summary>Kills a process at each write in turn.</summary>
    /// <param name="prepare">Gets a registry with one lease in it and gives the command that is to be cut short.</param>
    /// <param name="check">Gets the registry after the kill, and at last after the command was done.</param>
    /// <param name="keepsEarlierLease">Whether the lease that was there is to be found in the end.</param>
    /// <returns>How many writes the command takes.</returns>
    private int KillBeforeEachWrite(Func<string, string> prepare, Action<string> check, bool keepsEarlierLease = true)
    {
        Needs.Linux();
        Skip.IfNot(Launcher.Succeeds([.. Launcher.KilledBeforeWrite(1), "true"]), "strace is not installed, or may not trace here.");
        for (int write = 1; ; write++)
        {
            string registry = _directory[write.ToString(CultureInfo.InvariantCulture)];
            using PortLease earlier = Open(registry).Acquire("earlier");
            string command = prepare(registry);
            using var child = TestChild.Lease(registry, Launcher.KilledBeforeWrite(write));
            child.Input.WriteLine(command);
            child.Input.Flush();
            string? answer = child.Output.ReadLine();

            Audit(registry).AssertWhole();
            if (keepsEarlierLease)
            {
                Assert.True(Audit(registry).IsActive(earlier.Token!));
            }

            check(registry);
            Assert.Empty(Directory.GetFiles(registry, "*damaged*"));
            if (answer is null)
            {
                continue;
            }

            Assert.StartsWith("ok", answer, StringComparison.Ordinal);
            return write - 1;
        }
    }

    private static PortRegistry Open(string registry) => PortRegistry.Open(new PortRegistryOptions { Directory = registry });

    private static TableAudit Audit(string registry) => TableAudit.Of(registry, TimeProvider.System);
}
