using System.Diagnostics;
using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.TestNode;

/// <summary>What the brokers of one test have in common: a directory with their cookie and certificates, ports, and epmd. All of it goes with it.</summary>
internal sealed class TestBrokerHost : IAsyncDisposable
{
    private readonly List<PortLease> _leases = [];
    private readonly PortRegistry _registry;
    private readonly Process _epmd;

    public TestBrokerHost()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("portmgmt-broker-");
        Cookie = Guid.NewGuid().ToString("N");
        string cookieFile = Path.Combine(Directory.FullName, ".erlang.cookie");
        File.WriteAllText(cookieFile, Cookie);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cookieFile, UnixFileMode.UserRead);
        }

        _registry = PortRegistry.Open(new PortRegistryOptions { Directory = Path.Combine(Directory.FullName, "registry") });
        Certificates = new TestCertificates(Directory.FullName);
        EpmdPort = Lease();
        _epmd = Start("/bin/sh", ["-c", $"exec epmd -port {Text(EpmdPort)} -address 127.0.0.1"], _ => { });
    }

    public DirectoryInfo Directory { get; }

    public string Cookie { get; }

    public int EpmdPort { get; }

    public TestCertificates Certificates { get; }

    /// <summary>A port of this machine for as long as this is there. The name is by chance, and so is the place where the search begins: other hosts search at the same time.</summary>
    public int Lease()
    {
        PortLease lease = _registry.Acquire(Guid.NewGuid().ToString("N"));
        _leases.Add(lease);
        return lease.Port;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_epmd);
        _leases.ForEach(lease => lease.Dispose());
        Directory.Delete(recursive: true);
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts a program whose output nobody needs.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, Action<IDictionary<string, string?>> configure)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        configure(start.Environment);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Ends a program and what it started.</summary>
    public static async Task EndAsync(Process? process)
    {
        if (process is null)
        {
            return;
        }

        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }
}
