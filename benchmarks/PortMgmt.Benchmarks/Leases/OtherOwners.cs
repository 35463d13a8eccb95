using System.Diagnostics;
using PortMgmt.Leases;

namespace PortMgmt.Benchmarks.Leases;

/// <summary>Sleeping processes that own leases: every look at a lease of theirs has to ask the system whether they live. Unix only.</summary>
internal sealed class OtherOwners : IDisposable
{
    private const int Count = 100;

    private readonly Process[] _processes = new Process[Count];

    public OtherOwners()
    {
        for (int i = 0; i < Count; i++)
        {
            _processes[i] = Process.Start("sleep", "3600");
        }
    }

    /// <summary>Leases ports, each for the next of the processes, so that neighbours differ in owner.</summary>
    public void Lease(PortRegistry registry, int leases)
    {
        for (int i = 0; i < leases; i++)
        {
            registry.Acquire(new PortLeaseRequest
            {
                Range = ScratchRegistry.WideRange,
                Owner = PortLeaseOwner.Process(_processes[i % Count].Id),
            });
        }
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
