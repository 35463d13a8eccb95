using System.Runtime.Versioning;
using PortMgmt.Leases;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Directories and files that somebody else could have had a hand in, or that cannot be written.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DirectoryTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly RegistryFixture _host = new();

    public DirectoryTests() => Skip.If(OperatingSystem.IsWindows(), "owners and modes are those of Unix");

    [SkippableFact]
    public void Acquire_DirectoryOfAnotherUser_IsRefused()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "only root can give a directory to another user");
        FileSystemUser.ChangeOwner(_host.Directory, 4242);

        Assert.Contains("4242", Denied(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_host.Directory));
    }

    [SkippableFact]
    public void Acquire_DirectoryThatEverybodyMayWrite_IsRefusedUnlessSticky()
    {
        File.SetUnixFileMode(_host.Directory, Everybody);

        Assert.Contains("chmod", Denied(), StringComparison.Ordinal);

        File.SetUnixFileMode(_host.Directory, Everybody | UnixFileMode.StickyBit);
        _host.Lease();
    }

    [SkippableFact]
    public void Acquire_LockFileIsALink_IsNotFollowed()
    {
        string target = Path.Combine(_host.Directory, "target");
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(_host.LockFile, target);

        Denied();

        Assert.Equal("precious", File.ReadAllText(target));
    }

    [SkippableFact]
    public void Acquire_LockFileIsALinkToNothing_IsNotFollowed()
    {
        string target = Path.Combine(_host.Directory, "target");
        File.CreateSymbolicLink(_host.LockFile, target);

        Denied();

        Assert.False(File.Exists(target));
    }

    [SkippableFact]
    public void Acquire_TableIsALink_IsNotFollowed()
    {
        _host.Lease();
        string target = Path.Combine(_host.Directory, "target");
        File.Move(_host.TableFile, target);
        byte[] before = File.ReadAllBytes(target);
        File.CreateSymbolicLink(_host.TableFile, target);

        Denied();
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _host.Registry.Sweep());

        Assert.Equal(before, File.ReadAllBytes(target));
    }

    [SkippableFact]
    public void Acquire_DraftIsALink_IsNotFollowed()
    {
        string target = Path.Combine(_host.Directory, "target");
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(_host.TableFile + ".new", target);

        _host.Lease();

        Assert.Equal("precious", File.ReadAllText(target));
    }

    [SkippableFact]
    public void Acquire_ReadOnlyDirectory_IsRefusedForWhoIsNotRoot()
    {
        File.SetUnixFileMode(_host.Directory, (UnixFileMode)0b101_101_101);

        FileSystemUser.Run(FileSystemUser.Nobody, () => Denied());

        Assert.Empty(Directory.GetFiles(_host.Directory));
    }

    [SkippableFact]
    public void GetLeases_FilesOfAnotherUser_IsRefused()
    {
        File.SetUnixFileMode(_host.Directory, (UnixFileMode)0b101_101_101);
        _host.Lease();

        FileSystemUser.Run(FileSystemUser.Nobody, () =>
            RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _host.Registry.GetLeases()));
    }

    [SkippableFact]
    public void Acquire_EarlierTableOfAnotherUserInASharedDirectory_IsLeftToIt()
    {
        _host.Lease();
        string earlier = _host.TableFile;
        _host.Platform.Boot = "boot2";
        File.SetUnixFileMode(_host.Directory, Everybody | UnixFileMode.StickyBit);
        File.SetUnixFileMode(_host.LockFile, (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(earlier, (UnixFileMode)0b110_110_110);

        FileSystemUser.Run(FileSystemUser.Nobody, () => _host.Lease("web", 18080));

        Assert.True(File.Exists(earlier));
        Assert.Equal(18080, Assert.Single(_host.Registry.GetLeases()).Port);
    }

    [SkippableFact]
    public void Acquire_DirectoryIsAFile_IsRefused()
    {
        string file = Path.Combine(_host.Directory, "file");
        File.WriteAllText(file, "precious");
        var registry = PortRegistry.Open(_host.Platform, new PortRegistryOptions { Directory = file });

        Assert.Contains(file, RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => registry.Acquire("web")).Message, StringComparison.Ordinal);
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryUnavailable, () => registry.GetLeases());
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [SkippableFact]
    public void Acquire_DirectoriesAboveMissing_MakesThem()
    {
        string deep = Path.Combine(_host.Directory, "a", "b", "c");
        var registry = PortRegistry.Open(_host.Platform, new PortRegistryOptions { Directory = deep });
        Assert.Empty(registry.GetLeases());
        Assert.False(Directory.Exists(deep));

        registry.Acquire("web");

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(deep));
    }

    [SkippableFact]
    public void Acquire_DirectoryRemovedMeanwhile_MakesItAgain()
    {
        _host.Lease();
        Directory.Delete(_host.Directory, recursive: true);

        Assert.Empty(_host.Registry.GetLeases());
        Assert.Equal(18080, _host.Lease("web", 18080).Port);
    }

    public void Dispose() => _host.Dispose();

    private string Denied()
    {
        string message = RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _host.Lease()).Message;
        Assert.Contains(_host.Directory, message, StringComparison.Ordinal);
        return message;
    }
}
