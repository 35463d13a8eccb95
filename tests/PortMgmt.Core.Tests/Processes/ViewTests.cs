using PortMgmt.Leases;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>
/// Processes that see the machine otherwise than others do: another id of its boot or none, other clocks, a /proc of another process
/// namespace. In each view, what a living owner has is not given again, and nobody's lease is lost.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class ViewTests : IDisposable
{
    private const int Held = 18080;
    private const int Timed = 18090;

    private readonly TemporaryDirectory _directory = new();

    public ViewTests()
    {
        Directory.CreateDirectory(Registry);
        File.WriteAllText(_directory["boot_id"], Guid.NewGuid() + "\n");
    }

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Views => ["another boot id", "no boot id", "an empty boot id", "clock since the boot", "monotonic clock", "both clocks back", "process namespace without a /proc of its own"];

    [Theory]
    [MemberData(nameof(Views))]
    public void Lease_OfAnOwnerOutsideTheView_HoldsWithin(string view)
    {
        using TestChild outside = Outside();
        Assert.Equal(Held, outside.DoForNumber($"take port={Held}"));
        Open().Acquire(new PortLeaseRequest { Port = Timed, Owner = PortLeaseOwner.None, TimeToLive = TimeSpan.FromHours(1) });
        using TestChild within = Within(view);

        AssertLeased(within, Held);
        AssertLeased(within, Timed);
        Assert.Equal($"{Held}:Active {Timed}:Active", within.Do("list"));
        Assert.Equal("", within.Do("sweep"));
        int own = within.DoForNumber("take name=within");
        AssertLeased(outside, own);
        Assert.Equal(3, Open().GetLeases(new PortLeaseFilter { State = PortLeaseState.Active }).Count);
        Assert.Single(Directory.GetFiles(Registry, "*.table"));
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Lease_OfAnOwnerWithinTheView_HoldsOutside(string view)
    {
        using TestChild within = Within(view);
        Assert.Equal(Held, within.DoForNumber($"take port={Held} name=within"));
        using TestChild outside = Outside();

        AssertLeased(outside, Held);
        Assert.Equal($"{Held}:Active", outside.Do("list"));
        Assert.Equal("", outside.Do("sweep"));
        Assert.Equal(Timed, outside.DoForNumber($"take port={Timed}"));
        Assert.Equal($"{Held}:Active {Timed}:Active", within.Do("list"));
        AssertLeased(within, Timed);
        AssertLeased(within, Held);
        Assert.Single(Directory.GetFiles(Registry, "*.table"));
    }

    /// <summary>The owner is process 1 of its namespace; in the /proc that it sees, 1 is the machine's first.</summary>
    [Fact]
    public void Lease_JudgedThroughAProcOfAnotherNamespace_IsNotTakenForAStrangers()
    {
        Needs.RootAnd("unshare", "nsenter");
        using var owner = TestChild.Lease(Registry, InProcessNamespaceWithoutProc);
        Assert.Equal(1, owner.DoForNumber("id"));
        Assert.Equal(Held, owner.DoForNumber($"take port={Held}"));
        int outer = Assert.Single(ProcessState.Children(owner.Id));
        using var other = TestChild.Lease(Registry, ["nsenter", "--target", outer.ToString(System.Globalization.CultureInfo.InvariantCulture), "--pid", "--"]);

        Assert.Equal("", other.Do("sweep"));
        AssertLeased(other, Held);
        int second = other.DoForNumber("take name=second");
        Assert.Equal("", owner.Do("sweep"));
        AssertLeased(owner, second);
        AssertLeased(other, second);
    }

    [Theory]
    [InlineData("clock since the boot")]
    [InlineData("monotonic clock")]
    public void Sweep_OwnerInATimeNamespaceDead_TakesItBack(string view)
    {
        using TestChild within = Within(view);
        int process = within.DoForNumber("id");
        Assert.Equal(Held, within.DoForNumber($"take port={Held}"));
        using TestChild outside = Outside();
        Assert.Equal("", outside.Do("sweep"));

        TestChild.Signal(process, UnixSignal.Kill);

        Eventually.IsTrue(() => outside.Do("sweep") == Held.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private string Registry => _directory["registry"];

    private static string[] InProcessNamespaceWithoutProc { get; } = ["unshare", "--pid", "--fork", "--kill-child", "--"];

    private PortRegistry Open() => PortRegistry.Open(new PortRegistryOptions { Directory = Registry });

    private TestChild Outside() => TestChild.Lease(Registry);

    private TestChild Within(string view)
    {
        Needs.RootAnd("unshare", "mount");
        if (view.Contains("clock", StringComparison.Ordinal))
        {
            Assert.SkipUnless(File.Exists("/proc/self/ns/time"), "This kernel has no time namespaces.");
        }

        return TestChild.Lease(Registry, view switch
        {
            "another boot id" => Launcher.WithMounts("mount --bind \"$1\" /proc/sys/kernel/random/boot_id", _directory["boot_id"]),
            "no boot id" => Launcher.WithMounts("mount -t proc -o subset=pid proc /proc"),
            "an empty boot id" => Launcher.WithMounts("mount --bind /dev/null /proc/sys/kernel/random/boot_id"),
            "clock since the boot" => ["unshare", "--time", "--boottime", "100000", "--fork", "--kill-child", "--"],
            "monotonic clock" => ["unshare", "--time", "--monotonic", "100000", "--fork", "--kill-child", "--"],
            "both clocks back" => ["unshare", "--time", "--monotonic", "-5", "--boottime", "-5", "--fork", "--kill-child", "--"],
            _ => InProcessNamespaceWithoutProc,
        });
    }

    private static void AssertLeased(TestChild child, int port)
    {
        string answer = child.Try($"take port={port}");
        Assert.StartsWith("error PortUnavailable", answer, StringComparison.Ordinal);
        Assert.Contains("is leased", answer, StringComparison.Ordinal);
    }
}
