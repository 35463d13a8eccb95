using System.Globalization;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>
/// The machine-wide registry as root makes it and two users share it: /var/lib is, for these processes alone, a temporary
/// directory.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class MachineWideTests : IDisposable
{
    private const string BindVarLib = "mount --bind \"$1\" /var/lib";
    private const string HideProcesses = "mount -t proc -o hidepid=2 proc /proc";

    private readonly TemporaryDirectory _directory = new TemporaryDirectory().OpenToAll();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_ByTwoUsers_SharesOneTable()
    {
        Initialize();
        using TestChild one = StartAs(Launcher.Nobody);
        using TestChild other = StartAs(Launcher.Somebody);
        Assert.Equal("MachineWide /var/lib/portmgmt", one.Do("where"));

        int first = one.DoForNumber("take name=web");
        int second = other.DoForNumber("take name=web");

        Assert.Equal([first, second], new[] { first, second }.Distinct());
        Assert.Equal(one.Do("list"), other.Do("list"));
        Assert.Contains($"{first}:Active", other.Do("list"), StringComparison.Ordinal);
    }

    [Fact]
    public void Initialize_Directory_LetsNobodyReplaceFilesOfAnother()
    {
        Initialize();
        string registry = _directory["portmgmt"];
        using TestChild user = StartAs(Launcher.Nobody);
        user.Do("take name=web");

        Assert.True(Launcher.Succeeds(["sh", "-c", "test \"$(stat -c %a%u \"$1\")\" = 17770", "sh", registry]));
        Assert.True(Launcher.Succeeds(["sh", "-c", "test \"$(stat -c %a%u \"$1/policy.json\")\" = 6440", "sh", registry]));
        Assert.All(["policy.json", "leases.lock"], file => Assert.False(Launcher.Succeeds(
            [.. Launcher.AsUser(Launcher.Somebody), "mv", "-f", Path.Combine(registry, file), Path.Combine(registry, "stolen")])));
        Assert.All(Directory.GetFiles(registry, "leases*"), static file => Assert.True(Launcher.Succeeds(["sh", "-c", "test \"$(stat -c %a \"$1\")\" = 666", "sh", file])));
    }

    [Fact]
    public void Remove_LeaseOfAnotherUser_NeedsForce()
    {
        Initialize();
        using TestChild owner = StartAs(Launcher.Nobody);
        using TestChild other = StartAs(Launcher.Somebody);
        int port = owner.DoForNumber("take name=web");

        Assert.StartsWith("error LeaseNotOwned", other.Try($"remove port={port}"), StringComparison.Ordinal);
        Assert.Equal($"{port}:Active", owner.Do("list"));
        other.Do($"remove port={port} force=yes");
        Assert.Equal("", owner.Do("list"));
    }

    [Fact]
    public void Sweep_OwnerOfAnotherUserDead_TakesItBack()
    {
        Initialize();
        using TestChild owner = StartAs(Launcher.Nobody);
        using TestChild other = StartAs(Launcher.Somebody);
        int port = owner.DoForNumber("take name=web");
        Assert.Equal("", other.Do("sweep"));

        owner.Kill();

        Assert.Equal(port, other.DoForNumber("sweep"));
    }

    [Fact]
    public void Lease_OwnerHiddenByHidepid_HoldsUntilItIsDead()
    {
        Assert.SkipWhen(OperatingSystem.IsLinux() && Environment.OSVersion.Version < new Version(5, 8), "Before Linux 5.8, hidepid hides for the whole machine.");
        Initialize();
        using TestChild owner = StartAs(Launcher.Nobody);
        using TestChild observer = StartAs(Launcher.Somebody, $"{BindVarLib}; {HideProcesses}");
        int port = owner.DoForNumber("take name=web");

        Assert.Equal("False", observer.Do($"sees process={owner.Id}"));
        Assert.Equal($"{port}:Active", observer.Do("list"));
        Assert.Equal("", observer.Do("sweep"));
        owner.Kill();
        Assert.Equal(port, observer.DoForNumber("sweep"));
    }

    [Fact]
    public void Acquire_LeftoversOfAnotherUser_AreInNobodysWay()
    {
        Initialize();
        string registry = _directory["portmgmt"];
        using TestChild one = StartAs(Launcher.Nobody);
        one.Do("take name=web");
        string table = Assert.Single(Directory.GetFiles(registry, "leases-*.table"));
        MakeOfEarlierBoot(table, Path.Combine(registry, "leases-earlier.table"));
        File.Delete(table);
        LeaveDraft(table);

        using TestChild other = StartAs(Launcher.Somebody);
        int port = other.DoForNumber("take name=web");

        Assert.Equal($"{port}:Active", one.Do("list"));
    }

    [Fact]
    public void Acquire_TableOfAnotherUserDamaged_SaysSoUntilItsUserSetsItAside()
    {
        Initialize();
        using TestChild owner = StartAs(Launcher.Nobody);
        using TestChild other = StartAs(Launcher.Somebody);
        int port = owner.DoForNumber("take name=web");
        using (FileStream table = File.Open(Assert.Single(Directory.GetFiles(_directory["portmgmt"], "leases-*.table")), FileMode.Open))
        {
            table.Write("scribble"u8);
        }

        Assert.StartsWith("error RegistryCorrupt", other.Try("list"), StringComparison.Ordinal);
        Assert.StartsWith("error RegistryCorrupt", other.Try("take name=web"), StringComparison.Ordinal);
        Assert.Contains("set aside as", owner.Try("list"), StringComparison.Ordinal);
        Assert.Equal($"{port}:Active", other.Do("list"));
    }

    [Fact]
    public void Acquire_ProtectedRegularFilesInForce_SharesAllTheSame()
    {
        Needs.Linux();
        const string Setting = "/proc/sys/fs/protected_regular";
        Assert.SkipUnless(File.Exists(Setting) && File.ReadAllText(Setting).Trim() != "0", $"{Setting} is not in force on this machine.");
        Acquire_ByTwoUsers_SharesOneTable();
        Acquire_LeftoversOfAnotherUser_AreInNobodysWay();
    }

    /// <summary>Whoever comes first after a start of the machine stands something in the table's place.</summary>
    [Theory]
    [InlineData("mkdir -p \"$0/inside\"", "a directory")]
    [InlineData("ln -s /etc/hostname \"$0\"", "a link")]
    [InlineData("ln -s /nonexistent \"$0\"", "a link")]
    [InlineData("mkfifo \"$0\"", "a pipe")]
    [InlineData("umask 077; echo mine > \"$0\"", "a file that not everybody may use")]
    public void Acquire_SomethingElseInTheTablesPlace_IsNamedToAllAndClearedByRoot(string command, string what)
    {
        Initialize();
        string table = Path.Combine(_directory["portmgmt"], $"leases-{HostPlatform.Current.InstanceId}.table");
        Assert.True(Launcher.Succeeds([.. Launcher.AsUser(Launcher.Nobody), "sh", "-ec", command, table]));
        using TestChild user = StartAs(Launcher.Somebody);

        string answer = user.Try("take name=web");
        Assert.StartsWith("error RegistryAccessDenied", answer, StringComparison.Ordinal);
        Assert.Contains($"{what} of user nobody", answer, StringComparison.Ordinal);
        Assert.Contains("administrator", answer, StringComparison.Ordinal);

        using var root = TestChild.Lease(null, Launcher.WithMounts(BindVarLib, _directory.Path));
        int port = root.DoForNumber("take name=root");
        Assert.Equal($"{port}:Active", user.Do("list"));
        user.Do("take name=web");
        Assert.True(File.Exists("/etc/hostname"));
    }

    [Fact]
    public void Acquire_DirectoryInTheLocksPlace_IsClearedByRoot()
    {
        Initialize();
        string lockFile = Path.Combine(_directory["portmgmt"], "leases.lock");
        File.Delete(lockFile);
        Assert.True(Launcher.Succeeds([.. Launcher.AsUser(Launcher.Nobody), "mkdir", lockFile]));
        using TestChild user = StartAs(Launcher.Somebody);

        Assert.Contains("a directory of user nobody", user.Try("take name=web"), StringComparison.Ordinal);
        using var root = TestChild.Lease(null, Launcher.WithMounts(BindVarLib, _directory.Path));
        root.Do("take name=root");
        user.Do("take name=web");
    }

    [Fact]
    public void Acquire_DirectoryUnderTheNameOfARepair_IsInNobodysWay()
    {
        Initialize();
        string table = Path.Combine(_directory["portmgmt"], $"leases-{HostPlatform.Current.InstanceId}.table");
        Assert.True(Launcher.Succeeds([.. Launcher.AsUser(Launcher.Nobody), "mkdir", $"{table}.0.rescue"]));
        using var root = TestChild.Lease(null, Launcher.WithMounts(BindVarLib, _directory.Path));
        root.Do("take name=root");
        using (FileStream file = File.OpenWrite(table))
        {
            file.Write("scribble"u8);
        }

        Assert.StartsWith("error RegistryCorrupt", root.Try("list"), StringComparison.Ordinal);
        Assert.Contains(":Active", root.Do("list"), StringComparison.Ordinal);
    }

    /// <summary>Copies a table as one that the first user made before the machine was started again.</summary>
    private static void MakeOfEarlierBoot(string table, string copy)
    {
        byte[] front = new byte[TableLayout.HeaderLength];
        TableHeader.Write(front, "0123456789abcdef-1", TimeProvider.System.GetUtcNow());
        File.Copy(table, copy);
        using (FileStream file = File.OpenWrite(copy))
        {
            file.Write(front);
        }

        GiveToFirstUser(copy);
    }

    /// <summary>What the first user leaves who is killed while he makes a table.</summary>
    private static void LeaveDraft(string table)
    {
        string draft = $"{table}.{Launcher.Nobody}.new";
        File.WriteAllText(draft, "");
        GiveToFirstUser(draft);
    }

    private static void GiveToFirstUser(string path) =>
        Assert.True(Launcher.Succeeds(["chown", Launcher.Nobody.ToString(CultureInfo.InvariantCulture), path]));

    private void Initialize()
    {
        Needs.RootAnd("unshare", "setpriv", "mount");
        Needs.ReachableTests();
        using var administrator = TestChild.Lease(null, Launcher.WithMounts(BindVarLib, _directory.Path));
        Assert.Equal("MachineWide /var/lib/portmgmt", administrator.Do("initialize force=yes"));
    }

    private TestChild StartAs(int user, string mounts = BindVarLib) =>
        TestChild.Lease(null, [.. Launcher.WithMounts(mounts, _directory.Path), .. Launcher.AsUser(user)]);
}
