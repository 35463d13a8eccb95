using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Leases;
using PortMgmt.TestKit.Processes;
using Xunit;

namespace PortMgmt.Core.Tests.Processes;

/// <summary>
/// A registry on a small file system in memory, which a child mounts for itself alone; seen from here by the child's root
/// directory in /proc.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private TestChild? _child;

    public void Dispose()
    {
        _child?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Acquire_NoRoomForTheTable_LeavesNoneAndSucceedsWithRoom()
    {
        TestChild child = StartOnSmallDisk();
        for (int freeKilobytes = 0; freeKilobytes <= 512; freeKilobytes += 64)
        {
            FillUpTo(freeKilobytes);
            Assert.StartsWith("error RegistryDiskFull", child.Try("take name=web"), StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.GetFileSystemEntries(Disk, "leases-*"), static path => !path.EndsWith(".lock", StringComparison.Ordinal));
        }

        File.Delete(Filler);
        AssertLeased(child.DoForNumber("take name=web"));
    }

    [Fact]
    public void Acquire_NoRoomForASlot_ChangesNothingAndSucceedsWithRoom()
    {
        TestChild child = StartOnSmallDisk();
        int port = child.DoForNumber($"take port={FirstFreePair(20000)}");
        int far = FirstFreePair(24000);
        FillUpTo(0);

        // Another page of the table: one that is not there yet.
        Assert.StartsWith("error RegistryDiskFull", child.Try($"take port={far}"), StringComparison.Ordinal);
        Assert.StartsWith("error RegistryDiskFull", child.Try("take name=anywhere"), StringComparison.Ordinal);
        AssertLeased(port);

        // In the page that is there, there is room.
        int neighbour = child.DoForNumber($"take port={port + 1}");
        child.Do($"remove port={port}");
        AssertLeased(neighbour);
        File.Delete(Filler);
        AssertLeased(neighbour, child.DoForNumber($"take port={far}"));
    }

    [Theory]
    [InlineData("Tcp")]
    [InlineData("Both")]
    public void AcquireMany_NoRoomAtAnyStage_TakesNoneAndSucceedsWithRoom(string protocol)
    {
        TestChild child = StartOnSmallDisk();
        int port = child.DoForNumber("take port=20000");
        int refusals = 0;
        string answer;
        FillUpTo(0);
        while ((answer = child.Try($"take name=group count=200 protocol={protocol}")).StartsWith("error RegistryDiskFull", StringComparison.Ordinal))
        {
            refusals++;
            AssertLeased(port);
            Assert.Equal(1, TableAudit.Of(Disk, TimeProvider.System).LeasedSlots);

            // One page more, so that the next attempt fails a step later.
            using FileStream filler = File.OpenWrite(Filler);
            filler.SetLength(filler.Length - Environment.SystemPageSize);
        }

        Assert.StartsWith("ok", answer, StringComparison.Ordinal);
        Assert.InRange(refusals, 2, 1000);
        AssertLeased([port, .. answer.Split(' ').Skip(1).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))]);
    }

    [Fact]
    public void Remove_DiskFull_GivesPortsBackAllTheSame()
    {
        TestChild child = StartOnSmallDisk();
        int[] ports = [.. child.Do("take name=group count=20 protocol=Both").Split(' ').Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        FillUpTo(0);

        foreach (int port in ports)
        {
            child.Do(string.Create(CultureInfo.InvariantCulture, $"remove port={port}"));
        }

        AssertLeased();
    }

    [Fact]
    public void SetPolicy_DiskFull_KeepsTheOldPolicy()
    {
        StartOnSmallDisk();
        var policy = new PortPolicy { DefaultRange = new PortRange(20000, 20999) };
        Registry.SetPolicy(policy);
        FillUpTo(0);

        PortRegistryException failure = Assert.Throws<PortRegistryException>(() => Registry.SetPolicy(new PortPolicy { DefaultRange = new PortRange(30000, 30999) }));

        Assert.Equal(PortRegistryErrorCode.RegistryDiskFull, failure.Code);
        Assert.Equal(policy.DefaultRange, Registry.GetPolicy().DefaultRange);
        Assert.DoesNotContain(Directory.GetFiles(Disk), static file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    private string Disk => string.Create(CultureInfo.InvariantCulture, $"/proc/{_child!.Id}/root{_directory.Path}");

    private string Filler => Path.Combine(Disk, "filler");

    private PortRegistry Registry => PortRegistry.Open(new PortRegistryOptions { Directory = Disk });

    private TestChild StartOnSmallDisk()
    {
        Needs.RootAnd("unshare", "mount");
        _child = TestChild.Lease(_directory.Path, Launcher.WithMounts("mount -t tmpfs -o size=4m,mode=0700 none \"$1\"", _directory.Path));
        _child.Do("id");
        return _child;
    }

    /// <summary>Fills the disk until only so much room is left.</summary>
    private void FillUpTo(int freeKilobytes)
    {
        File.Delete(Filler);
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[Environment.SystemPageSize];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            filler.SetLength(filler.Length - (freeKilobytes * 1024));
        }
    }

    /// <summary>A port from a number on that nobody has, nor the one behind it: a broker of other tests may be anywhere.</summary>
    private static int FirstFreePair(int from)
    {
        while (!IsFree(from) || !IsFree(from + 1))
        {
            from++;
        }

        return from;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void AssertLeased(params int[] ports)
    {
        IReadOnlyList<PortLease> leases = Registry.GetLeases();
        Assert.Equal(ports.Order(), leases.Select(static lease => lease.Port));
        Assert.All(leases, static lease => Assert.Equal(PortLeaseState.Active, lease.State));
    }
}
