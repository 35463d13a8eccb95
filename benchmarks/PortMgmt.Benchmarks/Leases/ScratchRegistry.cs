using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>A registry in a directory of its own, deleted afterwards.</summary>
internal sealed class ScratchRegistry : IDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("portmgmt-bench-");

    public ScratchRegistry() => Registry = Open(Directory);

    /// <summary>Room for 50,000 leases and those that are measured on top of them.</summary>
    public static PortRange WideRange { get; } = new(1024, 65535);

    public string Directory => _directory.FullName;

    public string LockFile => Path.Combine(Directory, "leases.lock");

    public PortRegistry Registry { get; }

    /// <summary>Opens a registry with a deadline that no busy machine reaches: what is measured is the wait itself.</summary>
    public static PortRegistry Open(string directory) => PortRegistry.Open(new PortRegistryOptions
    {
        Directory = directory,
        LockTimeout = TimeSpan.FromSeconds(60),
    });

    public void Dispose() => _directory.Delete(recursive: true);
}
