using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

/// <summary>Files of a shared directory that another user made to be something else than they seem: refused, never waited for.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class HostileFileTests : IDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly RegistryFixture _host = new();

    public HostileFileTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes with names in the file system are Unix's");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Acquire_TableIsAPipe_IsRefusedAtOnce()
    {
        MakePipe(_host.TableFile);

        Assert.Contains("no regular file", RefusedInTime(() => _host.Lease()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_LockFileIsAPipe_IsRefusedAtOnce()
    {
        MakePipe(_host.LockFile);

        RefusedInTime(() => _host.Lease());
    }

    [Fact]
    public async Task Acquire_PipeThatLooksLikeAnEarlierTable_IsInNobodysWay()
    {
        MakePipe(Path.Combine(_host.Directory, "leases-earlier.table"));

        Assert.NotEqual(0, (await Task.Run(() => _host.Lease()).WaitAsync(WaitTimeout)).Port);
    }

    [Fact]
    public void GetPolicy_FileIsAPipe_IsRefusedAtOnce()
    {
        MakePipe(_host.PolicyFile);

        RefusedInTime(() => _host.Registry.GetPolicy());
    }

    [Fact]
    public void GetPolicy_FileIsALink_IsNotFollowed()
    {
        string target = Path.Combine(_host.Directory, "secret");
        File.WriteAllText(target, "secret: 42");
        File.CreateSymbolicLink(_host.PolicyFile, target);

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.RegistryAccessDenied, () => _host.Registry.GetPolicy());

        Assert.DoesNotContain("'s'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetPolicy_FileLargerThanAnyPolicy_IsRefusedUnread()
    {
        using (FileStream file = File.Create(_host.PolicyFile))
        {
            file.SetLength(1L << 40);
        }

        Assert.Contains("longer", RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => _host.Registry.GetPolicy()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_SharedLockFileInTheMaking_IsNeverSeenWithoutEverybodysRights()
    {
        // Whoever is killed in the middle leaves no lock file, rather than one that only he may open.
        for (int i = 0; i < 200; i++)
        {
            string path = Path.Combine(_host.Directory, $"shared-{i}");
            Task<UnixFileMode> first = Task.Run(() =>
            {
                while (true)
                {
                    try
                    {
                        return File.GetUnixFileMode(path);
                    }
                    catch (FileNotFoundException)
                    {
                        Thread.SpinWait(1);
                    }
                }
            });
            _host.Platform.CreateFile(path, shared: true);
            Assert.Equal((UnixFileMode)0b110_110_110, await first);
        }

        Assert.DoesNotContain(Directory.GetFiles(_host.Directory), static file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateFile_SharedByManyAtOnce_IsMadeByOne()
    {
        for (int round = 0; round < 100; round++)
        {
            string path = Path.Combine(_host.Directory, $"raced-{round}");
            int made = 0;
            using var start = new Barrier(4);
            Thread[] racers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    _host.Platform.CreateFile(path, shared: true);
                    Interlocked.Increment(ref made);
                }
                catch (IOException) when (File.Exists(path))
                {
                    // Another was faster.
                }
            }))];
            Array.ForEach(racers, static racer => racer.Start());
            Array.ForEach(racers, static racer => racer.Join());
            Assert.Equal(1, made);
        }
    }

    private static PortRegistryException RefusedInTime(Action call)
    {
        PortRegistryException? refusal = null;
        Assert.True(Task.Run(() => refusal = Assert.Throws<PortRegistryException>(call)).Wait(WaitTimeout), "The call waits for a pipe.");
        return refusal!;
    }

    private static void MakePipe(string path) => Assert.Equal(0, MakePipe(path, 0b110_110_110));

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
