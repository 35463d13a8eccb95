using PortMgmt.Leases;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>Directories that a user may not use: refused clearly, and left as they are.</summary>
[Collection(ProcessTests.Name)]
public sealed class AccessTests : IDisposable
{
    private const UnixFileMode AllRights = (UnixFileMode)0x1FF;
    private const UnixFileMode ReadOnly = (UnixFileMode)0x16D;

    private readonly TemporaryDirectory _directory = new TemporaryDirectory().OpenToAll();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_DirectoryReadOnly_IsDenied()
    {
        NeedsUsers();
        Make(Launcher.Nobody, ReadOnly);
        AssertDenied(RegistryPath);
    }

    [Fact]
    public void Acquire_DirectoryOfAnotherUser_IsDeniedThoughItIsWritable()
    {
        NeedsUsers();
        Make(Launcher.Somebody, AllRights);
        AssertDenied(RegistryPath);
    }

    [Fact]
    public void Acquire_DirectoryThatEverybodyMayWrite_IsDenied()
    {
        NeedsUsers();
        Make(Launcher.Nobody, AllRights);
        AssertDenied(RegistryPath);
    }

    [Fact]
    public void Acquire_RegistryOfRoot_IsDenied()
    {
        NeedsUsers();
        Make(0, ReadOnly);
        using PortLease lease = PortRegistry.Open(new PortRegistryOptions { Directory = RegistryPath }).Acquire("web");
        AssertDenied(RegistryPath);
    }

    [Fact]
    public void Acquire_ParentNotWritable_IsDenied()
    {
        NeedsUsers();
        AssertDenied(RegistryPath);
        Assert.False(Directory.Exists(RegistryPath));
    }

    [Fact]
    public void Acquire_ReadOnlyMount_IsDenied()
    {
        NeedsUsers();
        Directory.CreateDirectory(RegistryPath);
        using var child = TestChild.Lease(RegistryPath, Launcher.WithMounts("mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"", RegistryPath));
        Assert.StartsWith("error RegistryAccessDenied", child.Try("take name=web"), StringComparison.Ordinal);

        // With a registry there, made from outside of the mount: it can be read.
        using PortLease lease = PortRegistry.Open(new PortRegistryOptions { Directory = RegistryPath }).Acquire("web");
        Assert.StartsWith("error RegistryAccessDenied", child.Try("take name=web"), StringComparison.Ordinal);
        Assert.Equal($"ok {lease.Port}:Active", child.Try("list"));
    }

    private string RegistryPath => _directory["registry"];

    private static void NeedsUsers()
    {
        Needs.RootAnd("unshare", "setpriv", "mount");
        Needs.ReachableTests();
    }

    private void Make(int owner, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(RegistryPath);
        Assert.True(Launcher.Succeeds(["chown", $"{owner}", RegistryPath]));
        File.SetUnixFileMode(RegistryPath, mode);
    }

    private static void AssertDenied(string registry)
    {
        string[] before = Contents(registry);
        using var child = TestChild.Lease(registry, Launcher.AsUser(Launcher.Nobody));
        string answer = child.Try("take name=web");
        Assert.StartsWith("error RegistryAccessDenied", answer, StringComparison.Ordinal);
        Assert.Contains(registry, answer, StringComparison.Ordinal);
        Assert.Equal(before, Contents(registry));
    }

    private static string[] Contents(string directory) => Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory) : [];
}
