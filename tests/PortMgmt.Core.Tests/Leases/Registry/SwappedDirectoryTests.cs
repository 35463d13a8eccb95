using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>The directory is replaced in the middle of a call, at the worst moments.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SwappedDirectoryTests : IDisposable
{
    private readonly RegistryFixture _host = new();
    private readonly TemporaryDirectory _other = new();
    private readonly PortRegistry _registry;

    public SwappedDirectoryTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a directory in use can be moved on Unix");
        Directory.CreateDirectory(RegistryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _registry = PortRegistry.Open(_host.Platform, new PortRegistryOptions { Directory = RegistryPath, LockTimeout = TimeSpan.FromMilliseconds(100) });
    }

    [Theory]
    [InlineData("leases.lock")]
    [InlineData(".table")]
    [InlineData(".new")]
    public void Acquire_AnotherUsersDirectoryPutInPlace_MakesNothingThere(string lastTouched)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a directory to another user");
        FileSystemUser.ChangeOwner(_other.Path, 4242);
        SwapBefore(lastTouched);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _registry.Acquire("web"));

        Assert.Empty(Directory.GetFileSystemEntries(_other.Path));
    }

    [Theory]
    [InlineData("leases.lock")]
    [InlineData(".new")]
    public void SetPolicy_AnotherUsersDirectoryPutInPlace_WritesNothingThere(string lastTouched)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a directory to another user");
        _registry.Acquire("web");
        FileSystemUser.ChangeOwner(_other.Path, 4242);
        SwapBefore(lastTouched);

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _registry.SetPolicy(new PortPolicy()));

        Assert.Empty(Directory.GetFileSystemEntries(_other.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Acquire_DirectoryReplacedAfterTheLock_TouchesNoTableWithoutTheNewLock(bool hasTable)
    {
        var theirs = PortRegistry.Open(_host.Platform, new PortRegistryOptions { Directory = _other.Path });
        if (hasTable)
        {
            theirs.Acquire("theirs");
        }
        else
        {
            theirs.Initialize();
        }

        using SafeFileHandle held = _host.Platform.OpenFile(Path.Combine(_other.Path, "leases.lock"))!;
        Assert.True(_host.Platform.TryLock(held));
        _registry.Acquire("web");
        string[] before = Describe();
        SwapBefore(".table");

        RegistryFixture.Refused(PortRegistryErrorCode.RegistryLocked, () => _registry.Acquire("web"));

        Assert.Equal(before, Describe());
        string[] Describe() => [.. new DirectoryInfo(_other.Path).GetFiles().Select(file => $"{file.Name} {Hash(file)}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Acquire_DirectoryReplacedAfterTheLock_LeasesInTheNewOne()
    {
        _registry.Acquire(new PortLeaseRequest { Name = "old", Port = 18080 });
        SwapBefore(".table");

        _registry.Acquire(new PortLeaseRequest { Name = "new", Port = 18080 });

        Assert.Equal("new", Assert.Single(_registry.GetLeases()).Name);
    }

    [Fact]
    public void Create_TableIsThereAlready_LeavesItAsItIs()
    {
        _host.Lease("web", 18080);

        TableDraft.Publish(_host.Platform, _host.TableFile, shared: false, _host.Clock.GetUtcNow(), default);

        Assert.Equal(18080, Assert.Single(_host.Registry.GetLeases()).Port);
        Assert.Equal([_host.TableFile, _host.LockFile], Directory.GetFiles(_host.Directory).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Acquire_DraftOfAKilledMaker_IsClearedAway()
    {
        string draft = $"{_host.TableFile}.{Guid.NewGuid():N}.new";
        File.WriteAllText(draft, "");

        _host.Lease();

        Assert.False(File.Exists(draft));
    }

    public void Dispose()
    {
        _host.Dispose();
        _other.Dispose();
    }

    /// <summary>What a file holds; read as the registry does, since .NET's own way asks for a lock on the file that is locked.</summary>
    private string Hash(FileInfo file)
    {
        using SafeFileHandle handle = _host.Platform.OpenFile(file.FullName, readOnly: true)!;
        byte[] bytes = new byte[RandomAccess.GetLength(handle)];
        return Convert.ToHexString(SHA256.HashData(bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0))));
    }

    private string RegistryPath => Path.Combine(_host.Directory, "registry");

    /// <summary>Replaces the directory by a link to the other one, when a file of such a name is about to be opened or made.</summary>
    private void SwapBefore(string ending) => _host.Platform.BeforeFile = path =>
    {
        if (!path.EndsWith(ending, StringComparison.Ordinal))
        {
            return;
        }

        _host.Platform.BeforeFile = null;
        Directory.Move(RegistryPath, RegistryPath + ".aside");
        File.CreateSymbolicLink(RegistryPath, _other.Path);
    };
}
