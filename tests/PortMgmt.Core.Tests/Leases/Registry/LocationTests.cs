using System.Runtime.Versioning;
using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Platform;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Where a registry is. These tests set the environment, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class LocationTests : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];
    private readonly TemporaryDirectory _directory = new();
    private readonly FakePlatform _platform;

    public LocationTests()
    {
        _platform = new FakePlatform { Home = _directory["home"], Machine = _directory["machine"] };
        Set(RegistryLocation.Variable, null);
    }

    [Fact]
    public void Find_OptionGiven_IsTheOption()
    {
        Set(RegistryLocation.Variable, _directory["environment"]);
        Directory.CreateDirectory(_platform.Machine);

        Assert.Equal(new RegistryLocation(_directory["option"], PortRegistrySource.Option), Find(_directory["option"]));
    }

    [Fact]
    public void Find_EnvironmentSet_IsThatEvenWithAMachineWideOne()
    {
        Set(RegistryLocation.Variable, _directory["environment"]);
        Directory.CreateDirectory(_platform.Machine);

        Assert.Equal(new RegistryLocation(_directory["environment"], PortRegistrySource.Environment), Find());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Find_EnvironmentNotSet_IsTheMachineWideOneIfItExistsElseTheUsers(string? variable)
    {
        Set(RegistryLocation.Variable, variable);
        Assert.Equal(new RegistryLocation(_platform.Home, PortRegistrySource.User), Find());

        Directory.CreateDirectory(_platform.Machine);

        Assert.Equal(new RegistryLocation(_platform.Machine, PortRegistrySource.MachineWide), Find());
    }

    [Fact]
    public void Find_MachineWideDirectoryThatAnybodyMayHaveMade_IsTheUsers()
    {
        Directory.CreateDirectory(_platform.Machine);
        _platform.TrustsMachine = false;

        Assert.Equal(new RegistryLocation(_platform.Home, PortRegistrySource.User), Find());
    }

    [Theory]
    [InlineData(StringComparison.OrdinalIgnoreCase, PortRegistrySource.MachineWide)]
    [InlineData(StringComparison.Ordinal, PortRegistrySource.Option)]
    public void Find_MachineWideDirectoryInAnotherCase_IsTheSameWhereCaseDoesNotCount(StringComparison comparison, PortRegistrySource expected)
    {
        _platform.Comparison = comparison;
        Assert.Equal(expected, Find(_directory["MACHINE"]).Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/../machine")]
    public void Find_MachineWideDirectoryNamed_IsTheMachineWideOne(string end)
    {
        Directory.CreateDirectory(_platform.Machine);

        Assert.True(Find(_platform.Machine + end).IsShared);
    }

    [Fact]
    public void Find_RelativePath_IsMadeAbsolute() =>
        Assert.Equal(Path.GetFullPath("some-registry"), Find("some-registry").Directory);

    [Theory]
    [InlineData("some-registry")]
    [InlineData("./some-registry")]
    [InlineData("../some-registry")]
    [InlineData(" ")]
    public void Find_RelativePathInTheEnvironment_IsRefusedWithTheAbsoluteOne(string directory)
    {
        Set(RegistryLocation.Variable, directory);

        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => Find());

        Assert.Equal(PortRegistryErrorCode.RegistryUnavailable, refusal.Code);

        // Windows has no directory of spaces, so that there is none to propose.
        string wayOut = OperatingSystem.IsWindows() && directory == " " ? "cannot be found" : $"write '{Path.GetFullPath(directory)}'";
        Assert.Contains(wayOut, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(_directory["option"], Find(_directory["option"]).Directory);
    }

    [Theory]
    [InlineData("~", "")]
    [InlineData("~/leases", "/leases")]
    public void Find_TildeThatNoShellReplaced_IsRefusedWithTheHomeDirectory(string directory, string rest)
    {
        string expected = $"write '{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}{rest}'";
        Assert.Contains(expected, Assert.Throws<PortRegistryException>(() => Find(directory)).Message, StringComparison.Ordinal);

        Set(RegistryLocation.Variable, directory);

        Assert.Contains(expected, Assert.Throws<PortRegistryException>(() => Find()).Message, StringComparison.Ordinal);
        Assert.Contains("whole path", Assert.Throws<PortRegistryException>(() => Find("~other/leases")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HomeAndRuntimeDirectoriesChanged_IsTheUsersOwnAllTheSame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither HOME nor XDG directories");
        string before = HostPlatform.Current.UserDirectory;
        Set("HOME", "/tmp/elsewhere");
        Set("XDG_RUNTIME_DIR", "/tmp/elsewhere");
        Set("XDG_STATE_HOME", "/tmp/elsewhere");

        Assert.Equal(before, HostPlatform.Current.UserDirectory);
        Assert.EndsWith("/.local/state/portmgmt", before, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", PortRegistry.Open().Directory, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Acquire_MachineWide_MakesFilesThatEveryUserMayWrite()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows hands rights down from the directory");
        _platform.PrepareDirectory(_platform.Machine, shared: true);
        var registry = PortRegistry.Open(_platform, new PortRegistryOptions());

        registry.Acquire("web");

        Assert.Equal(PortRegistrySource.MachineWide, registry.Source);
        Assert.All(Directory.GetFiles(_platform.Machine), file => Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(file)));
        Assert.Equal((UnixFileMode)0b1_111_111_111, File.GetUnixFileMode(_platform.Machine));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Acquire_UsersOwn_MakesFilesThatNobodyElseMayRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows hands rights down from the directory");
        var registry = PortRegistry.Open(_platform, new PortRegistryOptions());

        registry.Acquire("web");

        Assert.Equal((PortRegistrySource.User, _platform.Home), (registry.Source, registry.Directory));
        Assert.All(Directory.GetFiles(_platform.Home), file => Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file)));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_platform.Home));
    }

    [Fact]
    public void Open_PathThatIsNone_IsRefusedByTheRegistrysOwnError()
    {
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => PortRegistry.Open(new PortRegistryOptions { Directory = "a\0b" }));

        Assert.Equal(PortRegistryErrorCode.RegistryUnavailable, refusal.Code);
        Assert.Contains("whole path", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(25L * 24 * 3600 * 1000)]
    public void Open_LockTimeoutThatNoWaitCanHave_IsRefused(long milliseconds)
    {
        var options = new PortRegistryOptions { Directory = _directory.Path, LockTimeout = TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(1) };

        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => PortRegistry.Open(options));

        Assert.Equal(PortRegistryErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains("24 days", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _directory.Dispose();
    }

    private RegistryLocation Find(string? option = null) => RegistryLocation.Find(_platform, option);

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
