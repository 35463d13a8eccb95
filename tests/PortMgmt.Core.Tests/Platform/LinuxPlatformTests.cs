using System.Diagnostics;
using System.Globalization;
using PortMgmt.Core.Tests.Listeners;
using PortMgmt.Platform;
using Xunit;

namespace PortMgmt.Core.Tests.Platform;

/// <summary>What this very Linux says of its processes, users and ports.</summary>
[Collection(SocketsAndPrograms.Name)]
public sealed class LinuxPlatformTests
{
    private readonly HostPlatform _platform = HostPlatform.Current;

    public LinuxPlatformTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "for Linux alone");

    [Fact]
    public void Examine_ThisProcess_IsAliveAndStampedAsProcSays()
    {
        ProcessStamp self = _platform.Self;

        string stat = File.ReadAllText("/proc/self/stat");
        Assert.Equal(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], self.Start.ToString(CultureInfo.InvariantCulture));
        Assert.Equal($"pid:[{self.Namespace}]", File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)!.Name);
        Assert.Equal(ProcessLife.Alive, _platform.Examine(self));
        Assert.Equal(self, _platform.GetProcess(Environment.ProcessId));
    }

    [Fact]
    public void FindData_SparseFile_PassesOverWhatWasNotWritten()
    {
        const long Length = 1 << 26, Written = 1 << 25;
        using var directory = new TestKit.TemporaryDirectory();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(Path.Combine(directory.Path, "sparse"), FileMode.CreateNew, FileAccess.ReadWrite);
        _platform.SetSparseLength(file, Length);
        _platform.Write(file, [1], Written);

        // A file system that does not tell says that all of it was written.
        Assert.True(_platform.FindData(file, 0) is Written or 0, "what was written is not to be passed over");
        Assert.Equal(Written, _platform.FindData(file, Written));
        Assert.True(_platform.FindData(file, Written + 4096) is Written + 4096 or long.MaxValue, "behind it there is nothing, or it is not told");
    }

    [Fact]
    public void IsThread_ThreadOfThisProcess_IsOneAndTheProcessIsNone()
    {
        int thread = int.Parse(Path.GetFileName(Directory.GetDirectories("/proc/self/task").First(path => Path.GetFileName(path) != $"{Environment.ProcessId}")), CultureInfo.InvariantCulture);

        Assert.True(_platform.IsThread(thread));
        Assert.False(_platform.IsThread(Environment.ProcessId));
        Assert.False(_platform.IsThread(int.MaxValue));
    }

    [Fact]
    public void IsAncestor_StarterAndItsOwn_AreAndAChildIsNot()
    {
        using var child = Process.Start("sleep", "60");
        string status = File.ReadAllText("/proc/self/status");
        int parent = int.Parse(status[(status.IndexOf("PPid:", StringComparison.Ordinal) + 5)..].Split('\n')[0], CultureInfo.InvariantCulture);

        Assert.True(_platform.IsAncestor(_platform.GetProcess(parent)!.Value));
        Assert.False(_platform.IsAncestor(_platform.GetProcess(child.Id)!.Value));
        Assert.False(_platform.IsAncestor(_platform.Self));
        child.Kill();
    }

    [Fact]
    public void Examine_StampThatDiffers_IsReplacedOrOutOfSight()
    {
        ProcessStamp self = _platform.Self;

        Assert.Equal(ProcessLife.Replaced, _platform.Examine(self with { Start = self.Start + 1 }));
        Assert.Equal(ProcessLife.OutOfSight, _platform.Examine(self with { Namespace = self.Namespace + 1 }));
        Assert.Equal(ProcessLife.Alive, _platform.Examine(self with { Start = 0 }));
    }

    [Fact]
    public void Examine_ChildThatEnded_IsGone()
    {
        using var child = Process.Start("sleep", "60");
        ProcessStamp stamp = _platform.GetProcess(child.Id)!.Value;
        Assert.Equal(ProcessLife.Alive, _platform.Examine(stamp));
        child.Kill();
        child.WaitForExit();

        Assert.Equal(ProcessLife.Gone, _platform.Examine(stamp));
        Assert.Null(_platform.GetProcess(child.Id));
    }

    [Fact]
    public void Examine_Zombie_IsGone()
    {
        // The shell starts a child and becomes a program that never asks after it.
        using Process parent = Shell("sleep 60 & echo $!; exec sleep 60");
        try
        {
            int zombie = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            ProcessStamp alive = _platform.GetProcess(zombie)!.Value;
            using (var child = Process.GetProcessById(zombie))
            {
                child.Kill();
            }

            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{zombie}/stat").Contains(") Z ", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));

            Assert.Equal(ProcessLife.Gone, _platform.Examine(alive));
            Assert.Null(_platform.GetProcess(zombie));
        }
        finally
        {
            parent.Kill();
            parent.WaitForExit();
        }
    }

    [Fact]
    public void Examine_ProgramNameThatLooksLikeTheRestOfTheLine_IsReadAllTheSame()
    {
        string directory = Directory.CreateTempSubdirectory("portmgmt-test-").FullName;
        string program = Path.Combine(directory, "a) Z 1 (b");
        File.Copy("/bin/sleep", program);
        using var child = Process.Start(program, "60");
        try
        {
            ProcessStamp stamp = _platform.GetProcess(child.Id)!.Value;
            Assert.True(stamp.Start >= _platform.Self.Start);
            Assert.Equal(ProcessLife.Alive, _platform.Examine(stamp));
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void GetStartTime_ThisProcess_IsWhenItStarted()
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan off = _platform.GetStartTime(_platform.Self, TimeProvider.System.GetUtcNow())!.Value - self.StartTime.ToUniversalTime();

        Assert.InRange(off.TotalSeconds, -10, 10);
        Assert.Null(_platform.GetStartTime(_platform.Self with { Start = 0 }, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void InstanceId_ThisBoot_IsFitForAFileName()
    {
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim().Replace("-", "", StringComparison.Ordinal);

        Assert.StartsWith(boot + "-", _platform.InstanceId, StringComparison.Ordinal);
        Assert.Equal($"net:[{_platform.InstanceId.Split('-')[1]}]", File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name);
    }

    [Fact]
    public void ReadPortRules_ThisKernel_IsWhatItsFilesSay()
    {
        string[] range = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal($"{range[0]}-{range[1]}", _platform.ReadPortRules().Ephemeral.ToString());
    }

    [Fact]
    public void GetUserName_RootAndNobodyKnown_IsTheNameOrTheNumber()
    {
        Assert.Equal("root", _platform.GetUserName("0"));
        Assert.Equal("3999999999", _platform.GetUserName("3999999999"));
        Assert.Equal("no number", _platform.GetUserName("no number"));
    }

    [Theory]
    [InlineData("8080,9000-9010", 9005, true)]
    [InlineData("8080,9000-9010", 8081, false)]
    [InlineData("9000-9010,9011-9020,8000", 9011, true)]
    [InlineData("1-65535", 65535, true)]
    [InlineData("nonsense,,7", 7, true)]
    [InlineData("", 7, false)]
    public void Parse_ListOfTheKernel_HasThosePorts(string text, int port, bool expected) =>
        Assert.Equal(expected, PortMgmt.Ports.PortSet.Parse(text).Contains(port));

    private static Process Shell(string script)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        return Process.Start(start)!;
    }
}
