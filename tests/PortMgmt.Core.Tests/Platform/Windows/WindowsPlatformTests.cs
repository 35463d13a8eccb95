using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Platform;
using PortMgmt.Platform.Windows;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Platform.Windows;

/// <summary>What only Windows can show. Some of it Wine cannot show either, and says so.</summary>
[SupportedOSPlatform("windows")]
public sealed class WindowsPlatformTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void GetLeases_DirectoryIsAFileOrBelowOne_FailsClosed()
    {
        Needs.Windows();
        File.WriteAllText(_directory["file"], "");
        foreach (string directory in (string[])[_directory["file"], Path.Combine(_directory["file"], "below", "it")])
        {
            var registry = PortRegistry.Open(new PortRegistryOptions { Directory = directory });
            Assert.Equal(PortRegistryErrorCode.RegistryUnavailable, Assert.Throws<PortRegistryException>(() => registry.GetLeases()).Code);
        }
    }

    [Fact]
    public void Examine_ProcessThatEndedWith259AndIsStillHeld_IsGone()
    {
        Needs.Windows();
        using Process process = Process.Start(new ProcessStartInfo("cmd.exe", "/c exit 259") { RedirectStandardInput = true })!;
        ProcessStamp stamp = HostPlatform.Current.GetProcess(process.Id) ?? new ProcessStamp(process.Id, 1, 0);
        process.WaitForExit();

        Assert.Equal(ProcessLife.Gone, HostPlatform.Current.Examine(stamp));
    }

    [Fact]
    public void GetProcess_IdBetweenTwo_IsNone()
    {
        Needs.Windows();
        Assert.Null(HostPlatform.Current.GetProcess(Environment.ProcessId + 1));
    }

    [Fact]
    public void FindStart_ThisProcess_IsWhatItsOwnHandleTells()
    {
        Needs.Windows();
        Assert.Equal(HostPlatform.Current.Self.Start, WindowsProcessList.FindStart(Environment.ProcessId));
    }

    [Fact]
    public async Task Replace_UnderReaders_IsDoneAndEachReaderHasTheOneOrTheOther()
    {
        Needs.Windows();
        string path = _directory["policy.json"];
        File.WriteAllText(path, "old");
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using SafeFileHandle? file = HostPlatform.Current.OpenFile(path, readOnly: true);
                Assert.NotNull(file);
                Assert.Equal(3, RandomAccess.GetLength(file));
            }
        });

        for (int i = 0; i < 40; i++)
        {
            File.WriteAllText(_directory["draft"], "new");
            HostPlatform.Current.Replace(_directory["draft"], path);
        }

        stop.Cancel();
        await reader;
    }

    [Theory]
    [InlineData("NUL")]
    [InlineData("con")]
    [InlineData(@"C:\NUL")]
    [InlineData("COM1")]
    [InlineData(@"\\.\pipe\registry")]
    public void Open_NameOfADevice_IsRefusedAsThat(string directory)
    {
        Needs.Windows();
        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => PortRegistry.Open(new PortRegistryOptions { Directory = directory }));
        Assert.Equal(PortRegistryErrorCode.RegistryUnavailable, refusal.Code);
        Assert.Contains("device", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mit Leerzeichen, größe 日本 & (1) 100%", 1)]
    [InlineData("a name of a directory that is longer than those of most directories that people make for such things, and here below itself", 3)]
    public void Acquire_PathOfAnyLettersAndLength_IsARegistryLikeOthers(string name, int depth)
    {
        Needs.Windows();
        string directory = _directory[string.Join('\\', Enumerable.Repeat(name, depth))];

        int port = PortRegistry.Open(new PortRegistryOptions { Directory = directory }).Acquire("web").Port;

        Assert.Equal(port, Assert.Single(PortRegistry.Open(new PortRegistryOptions { Directory = directory.ToUpperInvariant() }).GetLeases()).Port);
    }

    // As accounts of services may be told, or those whose profile cannot be loaded.
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("AppData")]
    [InlineData(@"\AppData")]
    public void Acquire_AccountWithoutApplicationData_NeedsARegistryByNameAndNothingElse(string applicationData)
    {
        Needs.Windows();
        var platform = new WindowsPlatform(() => applicationData, isAdministrator: false);

        PortRegistryException refusal = Assert.Throws<PortRegistryException>(() => PortRegistry.Open(platform, new PortRegistryOptions()));
        Assert.Equal(PortRegistryErrorCode.RegistryUnavailable, refusal.Code);
        Assert.Contains("PORTMGMT_REGISTRY", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(platform.GetUserName(platform.UserId), refusal.Message, StringComparison.Ordinal);

        var registry = PortRegistry.Open(platform, new PortRegistryOptions { Directory = _directory["registry"] });
        Assert.Equal(registry.Acquire("web").Port, Assert.Single(registry.GetLeases()).Port);
        Assert.Empty(platform.FindUserDirectories());
    }

    [Fact]
    public void UserDirectory_VariablesOfTheEnvironmentChanged_IsTheAccountsAllTheSame()
    {
        Needs.Windows();
        string before = HostPlatform.Current.UserDirectory;
        foreach (string name in (string[])["LOCALAPPDATA", "APPDATA", "USERPROFILE", "HOME"])
        {
            string? value = Environment.GetEnvironmentVariable(name);
            try
            {
                Environment.SetEnvironmentVariable(name, @"C:\elsewhere");
                Assert.Equal(before, new WindowsPlatform().UserDirectory);
            }
            finally
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    [Fact]
    public void HasMachineDirectory_MadeByAnOrdinaryUser_DoesNotCount()
    {
        Needs.RealWindows("owners of directories");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "What an administrator makes belongs to the administrators.");
        Assert.NotNull(WindowsOwner.FindFault(_directory.Path));
        Assert.Null(WindowsOwner.FindFault(Environment.SystemDirectory));
    }

    [Fact]
    public void Examine_ProcessOfTheSystemUnderAnotherStart_IsReplaced()
    {
        Needs.RealWindows("processes that may not be opened");
        ProcessStamp system = Assert.NotNull(HostPlatform.Current.GetProcess(4));
        Assert.Equal(ProcessLife.Alive, HostPlatform.Current.Examine(system));
        Assert.Equal(ProcessLife.Replaced, HostPlatform.Current.Examine(system with { Start = system.Start + 1 }));
    }

    [Fact]
    public void ReadPortRules_OfTheSystem_AreWhatNetshSays()
    {
        Needs.RealWindows("netsh");
        Assert.NotNull(WindowsPortRules.AskNetsh("int ipv4 show excludedportrange protocol=tcp"));
        Assert.Equal(WindowsPortRanges.ParseDynamic(WindowsPortRules.AskNetsh("int ipv4 show dynamicport tcp")!), HostPlatform.Current.ReadPortRules().Ephemeral);
    }

    [Fact]
    public void Test_PortThatSomebodyHasForHimselfAlone_IsInUseAndNotExcluded()
    {
        Needs.RealWindows("access errors of a bind");
        using var taken = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ExclusiveAddressUse = true };
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Any, 0));
        taken.Listen();
        int port = ((System.Net.IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.Equal(PortRefusal.Listening, PortRegistry.Open(new PortRegistryOptions { Directory = _directory["registry"] }).Test(port).Reason);
    }
}
